/**
 * @file The checkpoints of a fit: one per attempt in a store, replaced as a whole, with the time that all attempts have taken so
 * far. An attempt begins with the newest whole one and writes its own, so that one that was given up for lost and goes on
 * all the same changes nothing that others read.
 */
import type { ObjectStore } from '@plumbline/data';
import type { CheckpointStore, DataHashes } from '@plumbline/model';
import { decodeCheckpoint, encodeCheckpoint, type SavedFit } from './checkpoint-format.ts';

export interface CheckpointFile extends CheckpointStore {
  /** Seconds that this attempt has taken, and earlier ones when the loaded checkpoint was saved. */
  readonly seconds: number;
  /** To be called when nobody will resume. */
  remove(): Promise<void>;
}

export interface CheckpointFileOptions {
  /** Number of the attempt that saves. */
  readonly attempt: number;
  /** What the fit is of. */
  readonly data: DataHashes;
  /** When this attempt began, on the clock of `performance.now()`. */
  readonly startedAt?: number;
  /** A sentence for the run's log. */
  log?(text: string): void | Promise<void>;
}

/**
 * A damaged one counts as absent.
 * @param name Of the fit; its checkpoints are `<name>.<attempt>`.
 */
export function checkpointFile(
  store: ObjectStore,
  name: string,
  options: CheckpointFileOptions,
): CheckpointFile {
  const { attempt, data, startedAt = performance.now() } = options;
  let secondsBefore = 0;
  let isAlone = false;
  const seconds = () => secondsBefore + (performance.now() - startedAt) / 1000;
  const remove = async (attempts: readonly number[]): Promise<void> => {
    for (const one of attempts) await store.remove(`${name}.${one}`);
  };
  return {
    data,
    get seconds() {
      return seconds();
    },
    async load() {
      const saved = await readNewest(store, name, options);
      secondsBefore = saved?.seconds ?? 0;
      return saved?.state ?? null;
    },
    async save(state) {
      await store.put(`${name}.${attempt}`, ...encodeCheckpoint({ state, seconds: seconds() }));
      if (isAlone) return;
      const earlier = await attemptsOf(store, name, attempt);
      await remove(earlier.filter((number) => number !== attempt));
      isAlone = true;
    },
    async remove() {
      await remove(await attemptsOf(store, name, attempt));
    },
  };
}

/** Numbers of the attempts that have saved something, newest first, up to this one: later ones are not its business. */
async function attemptsOf(store: ObjectStore, name: string, upTo: number): Promise<number[]> {
  const start = `${name}.`;
  const numbers: number[] = [];
  for await (const page of store.list(start)) {
    for (const { key } of page) {
      const rest = key.slice(start.length);
      if (/^\d+$/.test(rest)) numbers.push(Number(rest));
    }
  }
  return numbers.filter((number) => number <= upTo).sort((a, b) => b - a);
}

async function readNewest(
  store: ObjectStore,
  name: string,
  options: CheckpointFileOptions,
): Promise<SavedFit | null> {
  for (const attempt of await attemptsOf(store, name, options.attempt)) {
    const bytes = await store.get(`${name}.${attempt}`);
    const saved = bytes === null ? null : decodeCheckpoint(bytes);
    if (saved === 'otherVersion') {
      await options.log?.(
        'The checkpoint is of another version of Plumbline: training begins anew.',
      );
    } else if (saved !== null) return saved;
  }
  return null;
}
