/**
 * @file The versions that answer, with their thresholds, in memory: an inspection asks no database. What changes one is heard
 * of from whichever process did it; until it is known again, and while the database is away, the last known one answers.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  assertTrained,
  type HeldSelector,
  isStoreAway,
  type VersionSelector,
} from '@plumbline/contracts';
import type { BundleStore } from '@plumbline/data';
import { type Changes, type Database, isDatabaseAway } from '@plumbline/db';
import type { InferencePool } from '../inference/inference-pool.ts';
import type { ServedModel } from '../inference/served-model.ts';

export interface ServedModelsOptions {
  readonly database: Database;
  readonly bundles: BundleStore;
  readonly inference: Pick<InferencePool, 'isHeld' | 'warm' | 'hold' | 'letGo' | 'drop'>;
}

interface Entry {
  readonly served: ServedModel;
  /** Changes heard of before it was read. */
  readonly changes: number;
  readonly readAt: number;
  /** The database was away: not asked for again before. */
  readonly retryAt: number;
}

interface Reading {
  readonly changes: number;
  readonly since: number;
  readonly result: Promise<void>;
}

/** A manifest with its held-out scores takes a megabyte or less. */
const MOST_KEPT = 64;
/** While changes go unheard, what is older is asked for again. */
const UNHEARD_MS = 2_000;
/** While a store elsewhere is away, a version that is to take over is tried to load so often. */
const STORE_RETRY_MS = 5_000;
/** A request waits this long to know better than the last known version. */
const PATIENCE_MS = 300;

export class ServedModels {
  readonly #options: ServedModelsOptions;
  readonly #changes: Changes;
  /** By `name/selector`, least recently used first. */
  readonly #entries = new Map<string, Entry>();
  readonly #readings = new Map<string, Reading>();
  /** The new version is being loaded here, and the old one answers. */
  readonly #swaps = new Map<string, Promise<void>>();
  readonly #swapCounts = { switched: 0, failed: 0 };
  #heard = 0;

  constructor(options: ServedModelsOptions) {
    this.#options = options;
    this.#changes = options.database.watch('plumbline_models', {
      onChange: (name) => this.#hear(name),
      onLive: () => {
        this.#heard += 1;
      },
    });
  }

  /** @throws DomainError NOT_FOUND: no such version or alias, or none promoted; CONFLICT: imported results, which have no graph */
  async get(name: string, selector: VersionSelector): Promise<ServedModel> {
    const key = `${name}/${selector}`;
    const known = this.#entries.get(key);
    if (known === undefined) {
      await this.#read(name, selector).result;
    } else if (this.#isOutdated(known)) {
      await this.#readInTime(name, selector);
    }
    const entry = this.#entries.get(key);
    // It has been pushed out, or went, while this was waiting.
    if (entry === undefined) return this.#ask(name, selector);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.served;
  }

  /** After a change made here: returns once it holds here. */
  async refresh(name: string): Promise<void> {
    this.#heard += 1;
    const keys = this.#keysOf(name).filter(isHolder);
    const read = keys.map((key) => this.#read(name, selectorIn(key)).result);
    const outcomes = await Promise.allSettled(read);
    await Promise.all(keys.map((key) => this.#swaps.get(key)));
    // An alias that has gone is none to wait for.
    const away = outcomes.find((one) => one.status === 'rejected' && isDatabaseAway(one.reason));
    if (away?.status === 'rejected') throw away.reason;
  }

  /** After a version or an alias was deleted here: returns once nothing of it is held here. */
  async forget(name: string): Promise<void> {
    this.#heard += 1;
    await Promise.allSettled(this.#readAll(name));
  }

  /** How often another version took over from one that was loaded, since the start. */
  get swaps(): { readonly switched: number; readonly failed: number } {
    return { ...this.#swapCounts };
  }

  async stop(): Promise<void> {
    await this.#changes.stop();
  }

  /** The next version is loaded before somebody asks for it, and one that is gone is let go. */
  #hear(name: string): void {
    this.#heard += 1;
    void Promise.allSettled(this.#readAll(name));
  }

  /** Whatever is held of a model, anew. */
  #readAll(name: string): Promise<void>[] {
    return this.#keysOf(name).map((key) => this.#read(name, selectorIn(key)).result);
  }

  #keysOf(name: string): string[] {
    return [...this.#entries.keys()].filter((key) => key.startsWith(`${name}/`));
  }

  #isOutdated({ changes, readAt, retryAt }: Entry): boolean {
    const now = performance.now();
    if (now < retryAt) return false;
    return changes !== this.#heard || (!this.#changes.isLive && now - readAt > UNHEARD_MS);
  }

  /** Leaves the last known version where the database is away or slow. */
  async #readInTime(name: string, selector: VersionSelector): Promise<void> {
    const { result, since } = this.#read(name, selector);
    const left = since + PATIENCE_MS - performance.now();
    if (left <= 0) return;
    const outcome = result.catch((error: unknown) => {
      if (!isDatabaseAway(error)) throw error;
    });
    await Promise.race([outcome, sleep(left)]);
  }

  #read(name: string, selector: VersionSelector): Reading {
    const key = `${name}/${selector}`;
    const known = this.#readings.get(key);
    if (known?.changes === this.#heard) return known;
    const changes = this.#heard;
    const since = performance.now();
    const result = this.#ask(name, selector).then(
      (served) => {
        const readAt = performance.now();
        this.#keep(key, { served, changes, readAt, retryAt: readAt });
      },
      (error: unknown) => this.#fail(key, error),
    );
    const reading: Reading = { changes, since, result };
    this.#readings.set(key, reading);
    const end = () => {
      if (this.#readings.get(key) === reading) this.#readings.delete(key);
    };
    result.then(end, end);
    return reading;
  }

  async #ask(name: string, selector: VersionSelector): Promise<ServedModel> {
    const { database, bundles } = this.#options;
    const version = await database.models.get(name, selector);
    assertTrained(version);
    const directory = await database.models.bundleDirectory(name, version.version);
    return {
      key: `${version.model}/${version.version} ${version.bundleHash}`,
      bundle: bundles.at({ directory, files: version.manifest.files }),
      version,
      thresholds: await database.thresholds.active(version),
      keeping: await database.keptImages.keeping(name),
    };
  }

  #fail(key: string, error: unknown): never {
    const known = this.#entries.get(key);
    if (!isDatabaseAway(error)) {
      this.#entries.delete(key);
      this.#swaps.delete(key);
      if (known !== undefined) this.#letGo(key, known.served);
    } else if (known !== undefined)
      this.#entries.set(key, { ...known, retryAt: performance.now() + UNHEARD_MS });
    throw error;
  }

  /** The version of an alias that has gone is there still. */
  #letGo(key: string, served: ServedModel): void {
    const { inference } = this.#options;
    if (isAlias(key)) inference.letGo(key);
    else inference.drop(served);
  }

  #keep(key: string, entry: Entry): void {
    const { inference } = this.#options;
    const before = this.#entries.get(key);
    if (before !== undefined && before.changes > entry.changes) return;
    const { served } = entry;
    const isOther = served.key !== before?.served.key;
    if (before === undefined || !isOther || !inference.isHeld(key, before.served)) {
      this.#swaps.delete(key);
      this.#set(key, entry);
      if (isHolder(key)) inference.hold(key, served);
      return;
    }
    this.#set(key, { ...entry, served: before.served });
    const swap = this.#swap(key, served, () => this.#swaps.get(key) === swap);
    this.#swaps.set(key, swap);
  }

  /** Warm, switch, drain, end: as where the promotion was made. */
  async #swap(key: string, next: ServedModel, isWanted: () => boolean): Promise<void> {
    const { inference } = this.#options;
    const isLoaded = await this.#load(key, next, isWanted);
    if (!isWanted()) return;
    this.#swapCounts[isLoaded ? 'switched' : 'failed'] += 1;
    this.#swaps.delete(key);
    const now = this.#entries.get(key);
    if (now !== undefined) this.#entries.set(key, { ...now, served: next });
    inference.hold(key, next);
  }

  /** One that can't be loaded answers all the same, with the reason, unless that passes: until then the one before answers. */
  async #load(key: string, next: ServedModel, isWanted: () => boolean): Promise<boolean> {
    for (;;) {
      try {
        await this.#options.inference.warm(next, key);
        return true;
      } catch (error) {
        console.error(`${next.key} can't be loaded:`, error);
        if (!isStoreAway(error) || !isWanted()) return false;
      }
      await sleep(STORE_RETRY_MS, undefined, { ref: false });
    }
  }

  #set(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_KEPT && oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** As the inference pool knows who holds a version. */
export function holderOf(name: string, selector: HeldSelector): string {
  return `${name}/${selector}`;
}

function selectorIn(key: string): VersionSelector {
  const selector = key.slice(key.indexOf('/') + 1);
  return isHeldSelector(selector) ? selector : Number(selector);
}

function isHeldSelector(selector: string): selector is HeldSelector {
  return selector === 'promoted' || selector.startsWith('@');
}

function isHolder(key: string): boolean {
  return isHeldSelector(key.slice(key.indexOf('/') + 1));
}

function isAlias(key: string): boolean {
  return key.includes('/@');
}
