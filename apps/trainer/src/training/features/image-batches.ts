/**
 * @file Images for graphs that take many at once: those of one shape that follow each other go together. While one batch is
 * computed the next ones are read and decoded.
 */
import { setImmediate } from 'node:timers/promises';
import type { Sample } from '@plumbline/contracts';
import type { RgbImage } from '@plumbline/data';
import { type BlobReader, readImage } from './read-image.ts';

/** Images of one shape that go through a graph together. */
const BATCH_SIZE = 8;
/** On a card, where a small batch leaves most of it idle. */
const CARD_BATCH_SIZE = 64;
const CARDS = new Set(['cuda', 'webgpu']);

/** Whether a provider of onnxruntime computes on a graphics card. */
export function isCard(provider: string): boolean {
  return CARDS.has(provider);
}

/** And the most pixels that they may have together, and that images decoded ahead may have. */
const BATCH_PIXELS = 4_000_000;
const CARD_BATCH_PIXELS = 16_000_000;

/** Of one shape. */
export type ImageBatch = [RgbImage, ...RgbImage[]];

export interface DecodedBatch {
  readonly samples: readonly Sample[];
  readonly images: ImageBatch;
}

export interface ImageBatchesOptions {
  readonly samples: readonly Sample[];
  readonly blobs: BlobReader;
  /** What runs the graph. */
  readonly provider: string;
  /** Images of a batch, at most; 8 on the processor and 64 on a card when absent. */
  readonly batchSize?: number;
  /** Pictures that the graph makes of an image, of which so many go through it together. Default 1. */
  readonly views?: number;
  readonly signal: AbortSignal;
}

/** Images of which the views are about so many. */
function perViews(images: number, views = 1): number {
  return Math.max(1, Math.floor(images / views));
}

/** Images in order. */
export async function* imageBatches(options: ImageBatchesOptions): AsyncGenerator<DecodedBatch> {
  const onCard = isCard(options.provider);
  const limits = {
    images: options.batchSize ?? perViews(onCard ? CARD_BATCH_SIZE : BATCH_SIZE, options.views),
    pixels: onCard ? CARD_BATCH_PIXELS : BATCH_PIXELS,
  };
  let batch: { samples: Sample[]; images: ImageBatch } | null = null;
  for await (const [sample, image] of decodedAhead(options, limits)) {
    if (batch !== null && fits(batch.images, image, limits)) {
      batch.images.push(image);
      batch.samples.push(sample);
    } else {
      if (batch !== null) yield batch;
      batch = { samples: [sample], images: [image] };
    }
  }
  if (batch !== null) yield batch;
}

interface Limits {
  readonly images: number;
  readonly pixels: number;
}

function fits([first, ...more]: ImageBatch, image: RgbImage, limits: Limits): boolean {
  const count = 1 + more.length;
  return (
    count < limits.images &&
    first.width === image.width &&
    first.height === image.height &&
    (count + 1) * image.width * image.height <= limits.pixels
  );
}

/** Images of one shape together, so that batches are whole; the order is kept within a shape. */
export function byShape(samples: readonly Sample[]): Sample[] {
  return [...samples].sort(
    ({ image: a }, { image: b }) => a.width - b.width || a.height - b.height,
  );
}

/** Keeps as many images on their way as the next batch takes. */
async function* decodedAhead(
  { samples, blobs, signal }: ImageBatchesOptions,
  limits: Limits,
): AsyncGenerator<[Sample, RgbImage]> {
  const pending: { sample: Sample; pixels: number; image: Promise<RgbImage> }[] = [];
  let pixels = 0;
  let next = 0;
  const begin = () => {
    for (let sample = samples[next]; sample !== undefined; sample = samples[next]) {
      const own = sample.image.width * sample.image.height;
      const isFull = pending.length >= 2 * limits.images || pixels + own > 2 * limits.pixels;
      if (pending.length > 0 && isFull) return;
      const image = readImage(blobs, sample);
      // Whoever waits for it hears of its failure; an earlier one may end everything before.
      image.catch(() => {});
      pending.push({ sample, pixels: own, image });
      pixels += own;
      next++;
    }
  };
  for (;;) {
    signal.throwIfAborted();
    begin();
    const first = pending.shift();
    if (first === undefined) return;
    yield [first.sample, await first.image];
    pixels -= first.pixels;
    // A run holds this thread: what has been read begins to be decoded before it.
    await setImmediate();
  }
}
