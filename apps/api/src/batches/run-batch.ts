/**
 * @file Does the work of a batch: images without a result are inspected, a few at a time while nobody else asks, and what is
 * done is written each second. Whoever takes the batch up again goes on from there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@plumbline/contracts';
import { type Attempt, outlastDatabase, type PlacedResult, SupersededError } from '@plumbline/db';
import type { Services } from '../context.ts';
import { type BatchImage, openBatchImages } from './batch-images.ts';
import { type BatchContext, inspectOne } from './inspect-one.ts';

const WRITE_EVERY_MS = 1_000;
/** A database that is restarted is back by then. */
const DATABASE_WAIT_MS = 120_000;
/** Before an image is tried again for which no process could be had; after the last the queue takes over. */
const BUSY_WAITS_MS = [1_000, 4_000, 15_000];

/** @throws what ended the attempt; whether and when there is another one, the queue decides */
export async function runBatch(
  services: Services,
  attempt: Attempt,
  signal: AbortSignal,
): Promise<void> {
  const { database } = services;
  const { id } = attempt;
  const { order } = await database.batches.input(id);
  const { version } = await services.served.get(order.model, order.version);
  const thresholds = await database.thresholds.get(version, order.thresholdProfile);
  const images = await openBatchImages(services, order, version);
  try {
    const done = await database.batches.done(id);
    await database.batches.begin(attempt, images.total);
    const context = { ...services, maxPixels: images.maxPixels, id, order, thresholds };
    const left = { images: images.except(done), count: images.total - done.size };
    await inspectAll(context, attempt, { left, signal });
    await outlast(() => database.batches.succeed(attempt), signal);
  } catch (error) {
    // Cancelled: what is done stays, and the queue is done with it.
    if (error instanceof SupersededError && (await isCancelled(services, id))) return;
    throw error;
  } finally {
    await images.close();
  }
}

interface Work {
  readonly left: {
    readonly images: AsyncGenerator<BatchImage, void, undefined>;
    readonly count: number;
  };
  /** Aborted when the API stops, or the batch is another's. */
  readonly signal: AbortSignal;
}

async function inspectAll(context: BatchContext, attempt: Attempt, work: Work): Promise<void> {
  const failing = new AbortController();
  const finished = new AbortController();
  const signal = AbortSignal.any([work.signal, failing.signal]);
  const fail = (error: unknown) => failing.abort(error);
  const journal = new Journal(context, attempt, work.left.count);
  const inspect = async () => {
    for await (const image of work.left.images) {
      if (signal.aborted) return;
      journal.add(image.position, await inspectPatiently(context, image, signal));
    }
  };
  const ended = AbortSignal.any([signal, finished.signal]);
  const writing = writeRegularly(journal, ended).catch(fail);
  // A generator is asked by one at a time, and hands each image to one of them.
  const workers = Array.from({ length: context.gates.inspections.asidePlaces }, () =>
    inspect().catch(fail),
  );
  await Promise.all(workers);
  finished.abort();
  await writing;
  // What is done is kept, however this ends.
  await journal.write(signal).catch(fail);
  signal.throwIfAborted();
}

/** Also when nothing is done: an attempt that was cancelled finds out. */
async function writeRegularly(journal: Journal, signal: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(WRITE_EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    await journal.write(signal);
  }
}

async function inspectPatiently(
  context: BatchContext,
  image: BatchImage,
  signal: AbortSignal,
): ReturnType<typeof inspectOne> {
  for (const waitMs of [...BUSY_WAITS_MS, null]) {
    try {
      return await inspectOne(context, image, signal);
    } catch (error) {
      const isBusy = error instanceof DomainError && error.code === 'UNAVAILABLE';
      if (signal.aborted || !isBusy || waitMs === null) throw error;
      await sleep(waitMs, undefined, { signal });
    }
  }
  throw new Error('The last wait is null.');
}

/** What is done and not written yet. */
class Journal {
  readonly #context: BatchContext;
  readonly #attempt: Attempt;
  readonly #count: number;
  readonly #startedAt = performance.now();
  #results: PlacedResult[] = [];
  #done = 0;

  constructor(context: BatchContext, attempt: Attempt, count: number) {
    this.#context = context;
    this.#attempt = attempt;
    this.#count = count;
  }

  add(position: number, result: PlacedResult['result']): void {
    this.#results.push({ position, result });
    this.#done += 1;
  }

  /** @throws SupersededError */
  async write(signal?: AbortSignal): Promise<void> {
    const results = this.#results;
    this.#results = [];
    await outlast(
      () => this.#context.database.batches.write(this.#attempt, results, this.#etaSeconds),
      signal,
    );
  }

  get #etaSeconds(): number | null {
    if (this.#done === 0) return null;
    const perImageMs = (performance.now() - this.#startedAt) / this.#done;
    return (perImageMs * (this.#count - this.#done)) / 1_000;
  }
}

function outlast<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
  return outlastDatabase(work, {
    limitMs: DATABASE_WAIT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
}

async function isCancelled({ database }: Services, id: string): Promise<boolean> {
  return (await database.batches.get(id)).status === 'cancelled';
}
