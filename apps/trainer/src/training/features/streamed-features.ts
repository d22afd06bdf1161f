/**
 * @file Features that are computed as they are read and not kept, for methods that read in order. They go through float16
 * like those of the cache, so that a fit gives the same whether there was room for them or not.
 */
import type { GraphSession, Sample } from '@plumbline/contracts';
import type { FeatureLevel, FeatureStream } from '@plumbline/model';
import { type ComputeFeaturesOptions, computeFeatures } from './compute-features.ts';
import { LazySession } from './lazy-session.ts';
import { HALF_TO_FLOAT } from './stored-features.ts';

export interface StreamedFeaturesOptions
  extends Omit<ComputeFeaturesOptions, 'session' | 'levels'> {
  readonly levels: readonly FeatureLevel[];
  readonly loadGraph: () => Promise<GraphSession>;
}

export class StreamedFeatures implements FeatureStream {
  readonly count: number;
  readonly categories: readonly string[];
  readonly #options: StreamedFeaturesOptions;
  readonly #session: LazySession;

  constructor(options: StreamedFeaturesOptions) {
    this.#options = options;
    this.#session = new LazySession(options.loadGraph);
    this.count = options.samples.length;
    this.categories = options.samples.map((sample) => sample.category);
  }

  async *batches(images: Int32Array, size: number): AsyncGenerator<readonly Float32Array[]> {
    const { samples, levels } = this.#options;
    const sizes = levels.map(({ grid, channels }) => grid ** 2 * channels);
    const room = sizes.map((each) => new Float32Array(size * each));
    let filled = 0;
    const computed = computeFeatures({
      ...this.#options,
      samples: Array.from(images, (image) => samples[image] as Sample),
      session: await this.#session.get(),
    });
    for await (const { samples: batch, halves } of computed) {
      for (let slot = 0; slot < batch.length; slot++) {
        for (const [level, out] of room.entries())
          widen(halves[level] as Uint16Array, slot, out, filled, sizes[level] as number);
        if (++filled < size) continue;
        yield room;
        filled = 0;
      }
    }
    if (filled > 0)
      yield room.map((values, level) => values.subarray(0, filled * (sizes[level] as number)));
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}

/** Image `from` of the halves as image `to` of the numbers. */
function widen(
  halves: Uint16Array,
  from: number,
  out: Float32Array,
  to: number,
  size: number,
): void {
  for (let i = 0; i < size; i++) out[to * size + i] = HALF_TO_FLOAT[halves[from * size + i]!]!;
}
