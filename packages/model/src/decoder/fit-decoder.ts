/** @file Trains the decoder: from the reconstructed features of normal images to the images themselves, made small. */
import {
  DomainError,
  type Executor,
  type StatefulSession,
  type TensorMap,
} from '@plumbline/contracts';
import { loadStatefulProgram } from '../eager/load-program.ts';
import type { FeatureLevel, FeatureSource } from '../methods/method.ts';
import { ADAM_DEFAULTS, adamRates } from '../nn/adam.ts';
import { initializeParameters } from '../nn/parameters.ts';
import { RandomStream } from '../nn/random.ts';
import { joinState, splitState, stateLinks } from '../nn/training-state.ts';
import { float32 } from '../onnx/index.ts';
import { traceProgram } from '../trace/index.ts';
import { ChannelSums } from './channel-scales.ts';
import { DECODER, type DecoderConfig, decoderConfig } from './config.ts';
import type { ChannelScale } from './forward.ts';
import { decoderParameters } from './parameters.ts';
import { ReconstructedTokens } from './reconstructed-tokens.ts';
import { byCategory, drawBatch } from './training-images.ts';
import { decoderProgram, decoderStepProgram } from './training-step.ts';

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
  readonly signal?: AbortSignal | undefined;
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
 * The same seed gives the same bytes. There are no checkpoints: it takes a minute or two, and an interrupted run
 * begins it again.
 * @throws DomainError INVALID_INPUT when the loss is no longer a number; the signal's reason when it is raised.
 */
export async function fitDecoder(options: FitDecoderOptions): Promise<FittedDecoder> {
  const { levels, features, executor, seed } = options;
  const config = decoderConfig(levels);
  const specs = decoderParameters(config);
  const weights = initializeParameters(specs, RandomStream.from(seed, 'decoder/weights'));
  const zeros = new Float32Array(weights.length);
  const { batchSize } = DECODER;
  const method = await executor.load(options.reconstructions);
  try {
    const tokens = new ReconstructedTokens({ levels, features, session: method, batchSize });
    const scales = await measureScales(tokens, options);
    const session = await loadStatefulProgram(
      executor,
      decoderStepProgram({ config, scales, batchSize, adam: ADAM_DEFAULTS }),
      stateLinks(specs),
      splitState(specs, { weights, firstMoment: zeros, secondMoment: zeros.slice() }),
    );
    try {
      const losses = await takeSteps(session, tokens, config, options);
      const trained = joinState(specs, await session.readState()).weights;
      const last = losses.slice(-Math.ceil(losses.length / 10));
      return {
        graph: traceProgram(decoderProgram(config, scales, trained)),
        config,
        scales,
        weights: trained,
        steps: losses.length,
        loss: last.reduce((sum, loss) => sum + loss, 0) / last.length,
      };
    } finally {
      await session.release();
    }
  } finally {
    await method.release();
  }
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

/** @returns The loss of each step. */
async function takeSteps(
  session: StatefulSession,
  tokens: ReconstructedTokens,
  config: DecoderConfig,
  options: FitDecoderOptions,
): Promise<number[]> {
  const { images, seed, features } = options;
  const steps = Math.min(DECODER.steps, options.maxSteps ?? DECODER.steps);
  const members = byCategory(
    images.keys(),
    (place) => features.categories[images[place]!] as string,
  );
  const pixels = new PixelBatch(config, options.pixels);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    options.signal?.throwIfAborted();
    const places = drawBatch(members, DECODER.batchSize, { seed, step });
    const feeds: TensorMap = {
      ...(await tokens.read(places.map((place) => images[place]!))),
      pixels: pixels.read(places),
      ...rates(step, steps),
    };
    const result = await session.step(feeds, ['loss']);
    const loss = Number(result['loss']?.data[0]);
    if (!Number.isFinite(loss)) throw diverged(loss, step + 1);
    losses.push(loss);
    await options.onProgress({ step: step + 1, steps, loss });
  }
  return losses;
}

function rates(step: number, steps: number): TensorMap {
  const learningRate = (DECODER.learningRate * (1 + Math.cos((Math.PI * step) / steps))) / 2;
  const scalars = Object.entries(adamRates(step + 1, learningRate, ADAM_DEFAULTS));
  return Object.fromEntries(scalars.map(([name, rate]) => [name, float32([], [rate])]));
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

function diverged(loss: number, step: number): DomainError {
  return new DomainError('INVALID_INPUT', `The loss of the decoder is ${loss} at step ${step}.`, {
    field: 'decoder',
    fix: 'Train without the decoder, or with another seed.',
  });
}
