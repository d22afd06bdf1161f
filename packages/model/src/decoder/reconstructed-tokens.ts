/**
 * @file What the decoder is fed: the features of training images as the method reconstructs them. In the picture of a
 * reconstruction of clean features everything is closer to the mean than in those features, so a decoder that has only
 * seen the latter shows little of it.
 */
import type { GraphSession, TensorMap } from '@plumbline/contracts';
import type { FeatureLevel, FeatureSource } from '../methods/method.ts';
import { float32 } from '../onnx/index.ts';

export interface ReconstructedTokensOptions {
  readonly levels: readonly FeatureLevel[];
  readonly features: FeatureSource;
  /** Inputs `tokens0…`, outputs `reconstructions0…`, both f32 `[N, L, C]`. */
  readonly session: GraphSession;
  readonly batchSize: number;
}

export class ReconstructedTokens {
  readonly #options: ReconstructedTokensOptions;
  /** The same arrays for every batch. */
  readonly #features: readonly Float32Array[];
  readonly #feeds: TensorMap;

  constructor(options: ReconstructedTokensOptions) {
    this.#options = options;
    const shapes = options.levels.map(({ grid, channels }) => [
      options.batchSize,
      grid * grid,
      channels,
    ]);
    this.#features = shapes.map(([n = 1, l = 1, c = 1]) => new Float32Array(n * l * c));
    this.#feeds = Object.fromEntries(
      shapes.map((shape, level) => [
        `tokens${level}`,
        float32(shape, this.#features[level] as Float32Array),
      ]),
    );
  }

  /**
   * @param images Indices, as many as the batch size.
   * @returns `tokens0…` f32 `[N, L, C]`.
   */
  async read(images: Int32Array): Promise<TensorMap> {
    const { features, session } = this.#options;
    for (const [level, tokens] of this.#features.entries()) features.read(level, images, tokens);
    const result = await session.run(this.#feeds);
    return Object.fromEntries(
      this.#features.map((_, level) => {
        const rebuilt = result[`reconstructions${level}`];
        if (rebuilt === undefined) throw new Error(`The graph lacks reconstructions${level}.`);
        return [`tokens${level}`, rebuilt];
      }),
    );
  }
}
