/**
 * @file Puts inspected images into the blob store, beside the answers: nobody waits for it, and it holds no more than so many.
 * What it has to drop is counted and said. What goes beyond a model's limits leaves the disk at once.
 */
import type { Keeping } from '@plumbline/contracts';
import type { BlobStore } from '@plumbline/data';
import { type Database, type DroppedImage, isDatabaseAway, type NewKeptImage } from '@plumbline/db';
import { choosesImage, type Judged } from './chooses-image.ts';

export interface ImageKeeperOptions {
  readonly database: Pick<Database, 'keptImages' | 'blobReferences'>;
  readonly blobs: Pick<BlobStore, 'stage' | 'removeUnusedSince'>;
  /** Bytes that wait at most. */
  readonly capacityBytes?: number;
  readonly warn?: (message: string, error?: unknown) => void;
}

export interface OfferedImage extends Omit<NewKeptImage, 'sha256' | 'bytes'> {
  readonly file: Uint8Array;
}

/** Since the process started. */
export interface KeptCounts {
  readonly kept: number;
  readonly waiting: number;
  readonly dropped: number;
}

/** Seconds of a line's images: what they take of memory is bounded by this, whatever the disk does. */
const CAPACITY_BYTES = 128e6;
/** Written at once: one flush of the disk for all of them. */
const BATCH = 16;
const RETRY_MS = 1_000;
const WARN_EVERY_MS = 10_000;
/** Between two looks at the limits of one model. */
const TRIM_EVERY_MS = 2_000;
/** For what waits at the end. */
const LAST_MS = 2_000;

export class ImageKeeper {
  readonly #database: ImageKeeperOptions['database'];
  readonly #blobs: ImageKeeperOptions['blobs'];
  readonly #capacityBytes: number;
  readonly #warn: (message: string, error?: unknown) => void;
  readonly #waiting: OfferedImage[] = [];
  /** Images seen, by model: of every n-th one. */
  readonly #seen = new Map<string, number>();
  readonly #trimmedAt = new Map<string, number>();
  #waitingBytes = 0;
  #writing: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #kept = 0;
  #dropped = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor({
    database,
    blobs,
    capacityBytes = CAPACITY_BYTES,
    warn = (...what) => console.error(...what),
  }: ImageKeeperOptions) {
    this.#database = database;
    this.#blobs = blobs;
    this.#capacityBytes = capacityBytes;
    this.#warn = warn;
  }

  get counts(): KeptCounts {
    return { kept: this.#kept, waiting: this.#waiting.length, dropped: this.#dropped };
  }

  /** Takes the image where its model's choice says so. Returns at once. */
  offer(keeping: Keeping, judged: Judged, image: OfferedImage): void {
    if (keeping.keep === 'none') return;
    const seen = this.#seen.get(image.model) ?? 0;
    this.#seen.set(image.model, seen + 1);
    if (!choosesImage(keeping, judged, seen)) return;
    if (this.#waitingBytes + image.file.length > this.#capacityBytes) {
      this.#drop(1, 'the disk has not taken those before');
      return;
    }
    this.#waiting.push(image);
    this.#waitingBytes += image.file.length;
    this.#schedule(0);
  }

  /** Until nothing waits, or the database is away. */
  async flush(): Promise<void> {
    while (this.#waiting.length > 0 && (await this.#write()));
  }

  /** Forgets what is beyond the limits of each model. */
  async trimAll(): Promise<void> {
    for (const model of await this.#database.keptImages.models()) await this.trim(model);
  }

  async trim(model: string): Promise<void> {
    const dropped = await this.#database.keptImages.trim(model);
    await removeBlobs(this.#database, this.#blobs, dropped);
  }

  /** Writes what waits, for at most two seconds. */
  async stop(): Promise<void> {
    const deadline = performance.now() + LAST_MS;
    while (this.#waiting.length > 0 && performance.now() < deadline)
      if (!(await this.#write())) break;
    clearTimeout(this.#timer);
    await this.#writing;
    const left = this.#waiting.splice(0).length;
    if (left > 0) this.#drop(left, 'the API is being stopped');
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== undefined || this.#writing !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, delayMs).unref();
  }

  /** @returns Whether the batch was taken, or refused for good. */
  async #write(): Promise<boolean> {
    while (this.#writing !== null) await this.#writing;
    const batch = this.#waiting.slice(0, BATCH);
    if (batch.length === 0) return true;
    let isAway = false;
    this.#writing = this.#store(batch).then(
      () => {
        this.#kept += batch.length;
      },
      (error: unknown) => {
        isAway = isDatabaseAway(error);
        if (!isAway) this.#drop(batch.length, 'they could not be stored', error);
      },
    );
    await this.#writing;
    this.#writing = null;
    if (!isAway)
      for (const { file } of this.#waiting.splice(0, batch.length))
        this.#waitingBytes -= file.length;
    if (this.#waiting.length > 0) this.#schedule(isAway ? RETRY_MS : 0);
    return !isAway;
  }

  async #store(batch: readonly OfferedImage[]): Promise<void> {
    const staging = await this.#blobs.stage();
    try {
      const rows: NewKeptImage[] = [];
      for (const { file, ...image } of batch)
        rows.push({ ...image, sha256: await staging.add(file), bytes: file.length });
      await staging.commit(rows.map(({ sha256 }) => sha256));
      await this.#database.keptImages.add(rows);
    } finally {
      await staging.discard();
    }
    for (const model of new Set(batch.map((image) => image.model))) await this.#trimInTurn(model);
  }

  async #trimInTurn(model: string): Promise<void> {
    const now = performance.now();
    if (now - (this.#trimmedAt.get(model) ?? Number.NEGATIVE_INFINITY) < TRIM_EVERY_MS) return;
    this.#trimmedAt.set(model, now);
    await this.trim(model);
  }

  /** Says it at once, and then from time to time. */
  #drop(count: number, reason: string, error?: unknown): void {
    this.#dropped += count;
    const now = performance.now();
    if (now - this.#warnedAt < WARN_EVERY_MS) return;
    this.#warnedAt = now;
    this.#warn(
      `Inspected images are not kept (${this.#dropped} since the API started): ${reason}.`,
      ...(error === undefined ? [] : [error]),
    );
  }
}

/** Those that nothing refers to, and nothing has used since they were kept; a sweep finds the others in time. */
async function removeBlobs(
  { blobReferences }: Pick<Database, 'blobReferences'>,
  blobs: Pick<BlobStore, 'removeUnusedSince'>,
  dropped: readonly DroppedImage[],
): Promise<void> {
  const storedAt = new Map(dropped.map((one) => [one.sha256, one.storedAt.getTime()]));
  await blobReferences.sweep([...storedAt.keys()], async (unreferenced) => {
    for (const sha256 of unreferenced)
      await blobs.removeUnusedSince(sha256, (storedAt.get(sha256) ?? 0) + 1);
  });
}
