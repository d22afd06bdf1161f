/**
 * @file Early stopping: a level ends when its loss on held-out normal images has stopped falling. It looks at no other
 * images, and never at the test split.
 */
import type { Executor, TensorMap } from '@plumbline/contracts';
import { mean, type Tensor } from '@tensorflow/tfjs-core';
import { loadProgram, type ProgramSession } from '../../eager/load-program.ts';
import { byName, type ParameterSpec, parameterSize } from '../../nn/parameters.ts';
import { stateInput, statePieces } from '../../nn/training-state.ts';
import { float32 } from '../../onnx/index.ts';
import type { TensorProgram } from '../../trace/index.ts';
import type { FeatureSource } from '../method.ts';
import type { RlrNetworkConfig } from './config.ts';
import { rlrParameters } from './parameters.ts';
import { rlrScore } from './score.ts';

/** Checks without a better loss after which a level ends. */
const PATIENCE = 10;
/** How much lower a loss must be to count as better, relative. */
const BETTER = 1e-3;
/** Held-out images that a check looks at, evenly spread; a check must stay cheap beside an epoch. */
const MOST_IMAGES = 64;
const FEWEST_STEPS_BETWEEN_CHECKS = 20;

/** The best held-out loss so far, and how many checks ago it was. Part of a checkpoint. */
export interface Plateau {
  readonly best: number;
  readonly checksSince: number;
}

/** The plateau after one more check. */
export function nextPlateau(before: Plateau | null, loss: number): Plateau {
  if (before === null || loss < before.best * (1 - BETTER)) return { best: loss, checksSince: 0 };
  return { best: before.best, checksSince: before.checksSince + 1 };
}

export function isOver(plateau: Plateau | null): boolean {
  return plateau !== null && plateau.checksSince >= PATIENCE;
}

/** Steps between checks: an epoch. */
export function stepsBetweenChecks(images: number, batchSize: number): number {
  return Math.max(FEWEST_STEPS_BETWEEN_CHECKS, Math.floor(images / batchSize));
}

export interface HeldOutOptions {
  readonly executor: Executor;
  readonly network: RlrNetworkConfig;
  readonly level: number;
  readonly images: FeatureSource;
  readonly batchSize: number;
}

/** Measures the mean patch score of held-out images under weights that change. */
export class HeldOutLoss {
  readonly #options: HeldOutOptions;
  readonly #session: ProgramSession;
  readonly #batches: Int32Array[];

  private constructor(options: HeldOutOptions, session: ProgramSession) {
    this.#options = options;
    this.#session = session;
    this.#batches = spreadBatches(options.images.count, options.batchSize);
  }

  static async load(options: HeldOutOptions): Promise<HeldOutLoss> {
    const batchSize = Math.min(options.batchSize, options.images.count);
    const bounded = { ...options, batchSize };
    const program = heldOutProgram(options.network, batchSize);
    return new HeldOutLoss(bounded, await loadProgram(options.executor, program));
  }

  /** @param weights f32 `[P]`. @returns Mean patch score over images and patches, without jitter. */
  async measure(weights: Float32Array): Promise<number> {
    const { network, level, images, batchSize } = this.#options;
    const shape = [batchSize, network.grid ** 2, network.channels];
    const tokens = new Float32Array(batchSize * network.grid ** 2 * network.channels);
    let total = 0;
    for (const batch of this.#batches) {
      images.read(level, batch, tokens);
      const { loss } = await this.#session.run({
        ...weightTensors(statePieces(rlrParameters(network)), weights),
        tokens: float32(shape, tokens),
      });
      total += Number(loss?.data[0]);
    }
    return total / this.#batches.length;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** Whole batches of evenly spread images: at least one, at most `MOST_IMAGES` images. */
function spreadBatches(count: number, batchSize: number): Int32Array[] {
  const batches = Math.max(1, Math.floor(Math.min(count, MOST_IMAGES) / batchSize));
  const step = count / (batches * batchSize);
  return Array.from({ length: batches }, (_, batch) =>
    Int32Array.from({ length: batchSize }, (__, slot) =>
      Math.floor((batch * batchSize + slot) * step),
    ),
  );
}

function heldOutProgram(network: RlrNetworkConfig, batchSize: number): TensorProgram {
  const pieces = statePieces(rlrParameters(network));
  const weight = (piece: ParameterSpec) => stateInput('weights', piece);
  const inputs = {
    ...Object.fromEntries(pieces.map((piece) => [weight(piece), { shape: piece.shape }])),
    tokens: { shape: [batchSize, network.grid ** 2, network.channels] },
  };
  const body: TensorProgram['body'] = (given) => {
    const tensors = pieces.map((piece) => given[weight(piece)] as Tensor);
    const scores = rlrScore(byName(tensors, pieces), given['tokens'] as Tensor, network);
    return { loss: mean(scores) };
  };
  return { name: 'rlr-held-out-loss', inputs, body };
}

/** Views of the flat weights, by input name. */
function weightTensors(pieces: readonly ParameterSpec[], weights: Float32Array): TensorMap {
  let offset = 0;
  return Object.fromEntries(
    pieces.map((piece) => {
      const values = weights.subarray(offset, offset + parameterSize(piece));
      offset += values.length;
      return [stateInput('weights', piece), float32(piece.shape, values)];
    }),
  );
}
