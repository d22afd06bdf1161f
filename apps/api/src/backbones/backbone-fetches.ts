/** @file The downloads of backbones that this process runs: started, watched and cancelled by anyone who may ask. */
import {
  type BackboneSummary,
  DomainError,
  type ErrorBody,
  type FetchBackboneInput,
  findCatalogBackbone,
} from '@plumbline/contracts';
import type { BackboneStore, FetchProgress } from '@plumbline/data';
import { describeError } from '../errors/describe-error.ts';

export type FetchState = NonNullable<BackboneSummary['fetch']>;

interface Fetch {
  progress: FetchProgress;
  error: ErrorBody | null;
  readonly abort: AbortController;
  done: Promise<void>;
}

const NOTHING_YET: FetchProgress = {
  receivedBytes: 0,
  totalBytes: null,
  bytesPerSecond: 0,
  etaSeconds: null,
};

export class BackboneFetches {
  readonly #store: BackboneStore;
  readonly #fetches = new Map<string, Fetch>();

  constructor(store: BackboneStore) {
    this.#store = store;
  }

  /** Starts a download, or leaves the one under way. @throws DomainError NOT_FOUND for a name of no catalog entry. */
  start({ name, sha256 }: FetchBackboneInput): void {
    if (findCatalogBackbone(name) === null) {
      throw new DomainError('NOT_FOUND', `The catalog has no backbone "${name}".`, {
        field: 'name',
        fix: 'See "plumb backbones list".',
      });
    }
    const known = this.#fetches.get(name);
    if (known !== undefined && known.error === null) return;
    const abort = new AbortController();
    const fetch: Fetch = { progress: NOTHING_YET, error: null, abort, done: Promise.resolve() };
    this.#fetches.set(name, fetch);
    fetch.done = this.#store
      .fetch(name, {
        sha256,
        signal: abort.signal,
        onProgress: (progress) => {
          fetch.progress = progress;
        },
      })
      .then(
        () => void this.#fetches.delete(name),
        (error: unknown) => {
          fetch.error = describeError(error);
        },
      );
  }

  /** What has arrived is kept. Nothing happens when there is no download. */
  async cancel(name: string): Promise<void> {
    const fetch = this.#fetches.get(name);
    if (fetch === undefined) return;
    fetch.abort.abort();
    await fetch.done;
    this.#fetches.delete(name);
  }

  /** Null when nothing is known of a download. */
  state(name: string): FetchState | null {
    const fetch = this.#fetches.get(name);
    return fetch === undefined ? null : { ...fetch.progress, error: fetch.error };
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#fetches.keys()].map((name) => this.cancel(name)));
  }
}
