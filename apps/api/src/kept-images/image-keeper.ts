/**
 * @file Puts inspected images into the blob store, beside the answers: nobody waits for it, and it holds no more than so many.
 * What it has to drop is counted and said. What goes beyond a model's limits leaves the disk at once.
 */
import type { Keeping } from '@plumbline/contracts';
import type { BlobStore } from '@plumbline/data';
import type { Database, DroppedImage, NewKeptImage } from '@plumbline/db';
import { BackgroundBatches, type Warn } from '../serving/background-batches.ts';
import { choosesImage, type Judged } from './chooses-image.ts';

export interface ImageKeeperOptions {
  readonly database: Pick<Database, 'keptImages' | 'blobReferences'>;
  readonly blobs: Pick<BlobStore, 'stage' | 'removeUnusedSince'>;
  /** Bytes that wait at most. */
  readonly capacityBytes?: number;
  readonly warn?: Warn;
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
/** Between two looks at the limits of one model. */
const TRIM_EVERY_MS = 2_000;

export class ImageKeeper {
  readonly #database: ImageKeeperOptions['database'];
  readonly #blobs: ImageKeeperOptions['blobs'];
  readonly #batches: BackgroundBatches<OfferedImage>;
  /** Images seen, by model: of every n-th one. */
  readonly #seen = new Map<string, number>();
  readonly #trimmedAt = new Map<string, number>();

  constructor({ database, blobs, capacityBytes = CAPACITY_BYTES, warn }: ImageKeeperOptions) {
    this.#database = database;
    this.#blobs = blobs;
    this.#batches = new BackgroundBatches({
      failure: 'Inspected images are not kept',
      refusal: 'they could not be stored',
      noRoom: 'the disk has not taken those before',
      ...{ batch: BATCH, delayMs: 0, capacity: capacityBytes, warn },
      sizeOf: ({ file }) => file.length,
      write: (batch) => this.#store(batch),
    });
  }

  get counts(): KeptCounts {
    const { written: kept, ...rest } = this.#batches.counts;
    return { kept, ...rest };
  }

  /** Takes the image where its model's choice says so. Returns at once. */
  offer(keeping: Keeping, judged: Judged, image: OfferedImage): void {
    if (keeping.keep === 'none') return;
    const seen = this.#seen.get(image.model) ?? 0;
    this.#seen.set(image.model, seen + 1);
    if (choosesImage(keeping, judged, seen)) this.#batches.add(image);
  }

  /** Until nothing waits, or the database is away. */
  flush(): Promise<void> {
    return this.#batches.flush();
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
  stop(): Promise<void> {
    return this.#batches.stop();
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
