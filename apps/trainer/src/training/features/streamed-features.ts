/**
 * @file Features that are computed as they are read and not kept, for methods that read in order. They go through float16
 * like those of the cache, so that a fit gives the same whether there was room for them or not.
 */
import { type GraphSession, HALF_TO_FLOAT, type Sample } from '@plumbline/contracts';
import { averageNeighbors, type FeatureLevel, type FeatureStream } from '@plumbline/model';
import { type ComputeFeaturesOptions, computeFeatures } from './compute-features.ts';
import { LazySession } from './lazy-session.ts';
import { ofViews, sizeOf } from './stored-features.ts';

export interface StreamedFeaturesOptions
  extends Omit<ComputeFeaturesOptions, 'session' | 'levels'> {
  readonly levels: readonly FeatureLevel[];
  /** Whether each feature vector is averaged with its neighbors, as by `StoredFeatures`. */
  readonly averagePool: boolean;
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
    const { samples, views = 1 } = options;
    this.count = samples.length * views;
    this.categories = ofViews(
      samples.map((sample) => sample.category),
      views,
    );
  }

  async *batches(images: Int32Array, size: number): AsyncGenerator<readonly Float32Array[]> {
    const { samples, levels, averagePool, views = 1 } = this.#options;
    const asked = byPicture(images, views);
    const sizes = levels.map(sizeOf);
    const room = sizes.map((each) => new Float32Array(size * each));
    const copy = new Float32Array(averagePool ? Math.max(...sizes) : 0);
    let filled = 0;
    let next = 0;
    const computed = computeFeatures({
      ...this.#options,
      samples: asked.map(({ picture }) => samples[picture] as Sample),
      session: await this.#session.get(),
    });
    for await (const { samples: batch, halves } of computed) {
      for (let slot = 0; slot < batch.length; slot++) {
        for (const view of asked[next++]?.views ?? []) {
          for (const [level, all] of room.entries()) {
            const each = sizes[level] as number;
            const out = all.subarray(filled * each, (filled + 1) * each);
            widen(halves[level] as Uint16Array, slot * views + view, out);
            if (averagePool) averageNeighbors(out, levels[level] as FeatureLevel, copy);
          }
          if (++filled < size) continue;
          yield room;
          filled = 0;
        }
      }
    }
    if (filled > 0)
      yield room.map((values, level) => values.subarray(0, filled * (sizes[level] as number)));
  }

  close(): Promise<void> {
    return this.#session.release();
  }
}

/** Views that follow each other and are of one picture are computed once. */
function byPicture(images: Int32Array, views: number): { picture: number; views: number[] }[] {
  const asked: { picture: number; views: number[] }[] = [];
  for (const image of images) {
    const picture = Math.floor(image / views);
    const last = asked.at(-1);
    if (last?.picture === picture) last.views.push(image % views);
    else asked.push({ picture, views: [image % views] });
  }
  return asked;
}

/** Picture `slot` of the halves as numbers. */
function widen(halves: Uint16Array, slot: number, out: Float32Array): void {
  const from = slot * out.length;
  for (let i = 0; i < out.length; i++) out[i] = HALF_TO_FLOAT[halves[from + i]!]!;
}
