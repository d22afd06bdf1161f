/** @file Trains the decoder: from the reconstructed features of normal images to the images themselves, made small. */
import { createHash } from 'node:crypto';
import type { Executor, TensorMap } from '@plumbline/contracts';
import type { FeatureLevel, FeatureSource } from '../methods/method.ts';
import { RandomStream } from '../nn/random.ts';
import { float32 } from '../onnx/index.ts';
import { traceProgram } from '../trace/index.ts';
import type { CheckpointStore } from '../training/fit-state.ts';
import { fitTrainable } from '../training/fit-trainable.ts';
import type { Streams } from '../training/streams.ts';
import type { Draw, Trainable } from '../training/trainable.ts';
import { TrainingRun } from '../training/training-run.ts';
import { ChannelSums } from './channel-scales.ts';
import { DECODER, type DecoderConfig, decoderConfig } from './config.ts';
import type { ChannelScale } from './forward.ts';
import { ReconstructedTokens } from './reconstructed-tokens.ts';
import { byCategory, drawnBatches } from './training-images.ts';
import { decoderProgram, decoderStep } from './training-step.ts';

/** Batches of reconstructions whose statistics stand for all. */
const SCALE_BATCHES = 8;

export interface FitDecoderOptions {
  readonly levels: readonly FeatureLevel[];
  readonly features: FeatureSource;
  /** As `FittedMethod.reconstructions` traces it. */
  readonly reconstructions: Uint8Array;
  /** Indices of the images that it learns from, `chooseImages`. */
  readonly images: Int32Array;
  /** Those images, RGB, uint8 `[images.length, S, S, 3]`, S as `decoderConfig(levels)` says. */
  readonly pixels: Uint8Array;
  readonly executor: Executor;
  readonly seed: number;
  readonly maxSteps?: number | undefined;
  readonly checkpoints: CheckpointStore;
  /** Milliseconds between checkpoints. */
  readonly checkpointEveryMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** A sentence for the run's log. */
  log?(text: string): void | Promise<void>;
  /** Awaited after every step. */
  onProgress(progress: { step: number; steps: number; loss: number }): void | Promise<void>;
}

export interface FittedDecoder {
  /** Graph with inputs `tokens0…` f32 `[N, L, C]` and the output `picture` f32 `[N, S, S, 3]`, RGB in about 0..255. */
  readonly graph: Uint8Array;
  readonly config: DecoderConfig;
  readonly scales: readonly ChannelScale[];
  /** As `decoderParameters(config)`. */
  readonly weights: Float32Array;
  readonly steps: number;
  /** Mean absolute difference of pixels in 0..1, over the last tenth of the steps. */
  readonly loss: number;
}

/**
 * The same seed gives the same bytes, in one go or resumed.
 * @throws DomainError INVALID_INPUT when the loss is no longer a number; the signal's reason when it is raised.
 */
export async function fitDecoder(options: FitDecoderOptions): Promise<FittedDecoder> {
  const { levels, features, executor, seed, reconstructions } = options;
  const config = decoderConfig(levels);
  const steps = Math.min(DECODER.steps, options.maxSteps ?? DECODER.steps);
  const { batchSize } = DECODER;
  const method = await executor.load(reconstructions);
  try {
    const tokens = new ReconstructedTokens({ levels, features, session: method, batchSize });
    const scales = await measureScales(tokens, options);
    const run = await TrainingRun.begin({
      ...options,
      identity: [config, DECODER, steps, seed, hashOf(reconstructions), hashOf(options.pixels)],
    });
    const step = decoderStep({ config, scales, batchSize, steps });
    const { weights, losses } = await fitTrainable(run, {
      ...step,
      ...inputsOf(options, config, tokens),
      ...{ title: 'the decoder', steps },
      divergence: {
        field: 'decoder',
        fix: 'Train without the decoder, or with another seed.',
      },
    });
    const last = losses.slice(-Math.ceil(losses.length / 10));
    return {
      graph: traceProgram(decoderProgram(config, scales, weights)),
      ...{ config, scales, weights, steps: losses.length },
      loss: last.reduce((sum, loss) => sum + loss, 0) / last.length,
    };
  } finally {
    await method.release();
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Over some batches of images, evenly spread. */
async function measureScales(
  tokens: ReconstructedTokens,
  { levels, images }: FitDecoderOptions,
): Promise<ChannelScale[]> {
  const sums = levels.map(({ channels }) => new ChannelSums(channels));
  const { batchSize } = DECODER;
  for (let batch = 0; batch < SCALE_BATCHES; batch++) {
    const read = Int32Array.from({ length: batchSize }, (_, slot) => {
      const share = (slot * SCALE_BATCHES + batch) / (batchSize * SCALE_BATCHES);
      return images[Math.floor(share * images.length)]!;
    });
    const values = await tokens.read(read);
    for (const [level, sum] of sums.entries())
      sum.add(values[`tokens${level}`]?.data as Float32Array);
  }
  return sums.map((sum) => sum.scale());
}

/** What a step sees: places of images, their reconstructed tokens and their pixels. */
function inputsOf(
  { images, features, seed, pixels: source }: FitDecoderOptions,
  config: DecoderConfig,
  tokens: ReconstructedTokens,
): Pick<Trainable, 'random' | 'batches' | 'feeds'> {
  const random: Streams = (...purpose) =>
    RandomStream.from(seed, ['decoder', ...purpose].join('/'));
  const pixels = new PixelBatch(config, source);
  const members = byCategory(
    images.keys(),
    (place) => features.categories[images[place]!] as string,
  );
  return {
    random,
    batches: drawnBatches(members, DECODER.batchSize, random),
    feeds: async ({ images: places }: Draw) => ({
      ...(await tokens.read(places.map((place) => images[place]!))),
      pixels: pixels.read(places),
    }),
  };
}

/** Pixels of a batch as numbers in 0..1, in an array that stays the same. */
class PixelBatch {
  readonly #source: Uint8Array;
  readonly #size: number;
  readonly #tensor: TensorMap[string];
  readonly #values: Float32Array;

  constructor({ imageSizePx: side }: DecoderConfig, source: Uint8Array) {
    this.#source = source;
    this.#size = side * side * 3;
    this.#values = new Float32Array(DECODER.batchSize * this.#size);
    this.#tensor = float32([DECODER.batchSize, side, side, 3], this.#values);
  }

  /** @param places Places of the images in the source. */
  read(places: Int32Array): TensorMap[string] {
    const size = this.#size;
    for (const [slot, place] of places.entries())
      for (let i = 0; i < size; i++)
        this.#values[slot * size + i] = this.#source[place * size + i]! / 255;
    return this.#tensor;
  }
}
