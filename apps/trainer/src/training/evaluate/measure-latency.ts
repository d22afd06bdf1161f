/**
 * @file How long a served model takes for an image: one at a time, on the processor, with nothing beside it. A pass of its
 * own, since evaluation takes images in batches and decodes ahead.
 */
import {
  type BundleManifest,
  type GraphSession,
  type IgnoreMasks,
  ignoreNumbers,
  imageFeed,
  type Sample,
} from '@plumbline/contracts';
import { decodeSample } from '@plumbline/data';
import type { BlobReader } from '../features/read-image.ts';
import { spread } from '../spread.ts';

/** Images that are timed, evenly spread over the test split; all of them where there are fewer. */
const LATENCY_IMAGES = 50;
/** And before them, not timed: the first runs of a session find their buffers. */
const LATENCY_WARM_UP = 3;

export type Latency = Omit<BundleManifest['latencyMs'], 'hardware'>;

export interface MeasureLatencyOptions {
  /** The exported graph, as it is served. */
  readonly session: GraphSession;
  readonly ignore: IgnoreMasks | null;
  /** The test images. */
  readonly samples: readonly Sample[];
  readonly blobs: BlobReader;
  readonly signal: AbortSignal;
  onProgress(done: number, total: number): Promise<void>;
}

/** From encoded bytes to score and map, milliseconds; null quantiles without test images. */
export async function measureLatency(options: MeasureLatencyOptions): Promise<Latency> {
  const { session, ignore, samples, blobs, signal, onProgress } = options;
  const timed = spread(samples, LATENCY_IMAGES);
  const warmUp = timed.slice(0, LATENCY_WARM_UP);
  const all = [...warmUp, ...timed];
  const milliseconds: number[] = [];
  for (const [index, sample] of all.entries()) {
    signal.throwIfAborted();
    const bytes = await blobs.read(sample.image.sha256);
    const start = performance.now();
    const image = await decodeSample(bytes, sample);
    await session.run(imageFeed([image], ignoreNumbers(ignore, [sample])));
    if (index >= warmUp.length) milliseconds.push(performance.now() - start);
    await onProgress(index + 1, all.length);
  }
  return {
    p50: timed.length === 0 ? null : quantile(milliseconds, 0.5),
    p95: timed.length === 0 ? null : quantile(milliseconds, 0.95),
    images: timed.length,
    warmUp: warmUp.length,
  };
}

/** The p-quantile of the values by linear interpolation, p in [0, 1]. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * p;
  const low = sorted[Math.floor(position)] ?? Number.NaN;
  const high = sorted[Math.ceil(position)] ?? Number.NaN;
  return low + (high - low) * (position - Math.floor(position));
}
