/** @file Trains the network of one feature level, from scratch or from a checkpoint. */
import type { Executor, StatefulSession, TensorMap } from '@plumbline/contracts';
import { loadStatefulProgram } from '../../eager/load-program.ts';
import { ADAM_DEFAULTS, type AdamConfig, type AdamRates, adamRates } from '../../nn/adam.ts';
import { initializeParameters, type ParameterSpec } from '../../nn/parameters.ts';
import { RandomStream } from '../../nn/random.ts';
import { joinState, splitState, stateLinks, statePieces } from '../../nn/training-state.ts';
import { float32 } from '../../onnx/index.ts';
import type { FeatureSource } from '../method.ts';
import { BatchPlan } from './batches.ts';
import type { RlrNetworkConfig, RlrPreset } from './config.ts';
import { fillCorruption } from './corruption.ts';
import { learningRate } from './learning-rate.ts';
import { divergedError } from './level-checkpoints.ts';
import { rlrParameters } from './parameters.ts';
import { trainingStepProgram } from './training-step.ts';

export interface LevelState {
  /** Steps taken. */
  step: number;
  weights: Float32Array;
  firstMoment: Float32Array;
  secondMoment: Float32Array;
}

/** A level's state, left where it is computed until somebody wants it. */
export interface StateView {
  /** Steps taken. */
  readonly step: number;
  /** A copy. */
  read(): Promise<LevelState>;
}

export interface FitLevelOptions {
  readonly network: RlrNetworkConfig;
  readonly preset: RlrPreset;
  readonly tap: string;
  readonly level: number;
  readonly steps: number;
  readonly seed: number;
  readonly features: FeatureSource;
  readonly executor: Executor;
  readonly signal?: AbortSignal | undefined;
  /** Awaited after each step, whose loss is a number. Says whether another one follows. */
  afterStep(state: StateView, loss: number): Promise<'continue' | 'stop'>;
}

/** A level's state before its first step. */
export function freshState(network: RlrNetworkConfig, seed: number, tap: string): LevelState {
  const weights = initializeParameters(
    rlrParameters(network),
    RandomStream.from(seed, `weights/${tap}`),
  );
  return {
    step: 0,
    weights,
    firstMoment: new Float32Array(weights.length),
    secondMoment: new Float32Array(weights.length),
  };
}

/**
 * Runs the remaining steps. The arrays of `start` are taken over.
 * @returns Step and weights after the last one.
 * @throws DomainError CANCELLED when the signal is raised; INVALID_INPUT when the loss is no longer a number.
 */
export async function fitLevel(
  options: FitLevelOptions,
  start: LevelState,
): Promise<{ step: number; weights: Float32Array }> {
  const { network, preset } = options;
  const adam: AdamConfig = { ...ADAM_DEFAULTS, weightDecay: preset.weightDecay };
  const batchSize = Math.min(preset.batchSize, Math.max(1, options.features.count));
  const { jitterScale, maskTokens, jitterProbability } = preset;
  const program = trainingStepProgram({
    network,
    batchSize,
    corruption: { jitterScale, maskTokens },
    adam,
  });
  const pieces = statePieces(rlrParameters(network));
  const tokens = network.grid * network.grid;
  const plan = new BatchPlan({
    seed: options.seed,
    tap: options.tap,
    level: options.level,
    features: options.features,
    tokens: tokens * network.channels,
    channels: network.channels,
    balance: preset.balance,
    batchSize,
  });
  const session = await loadStatefulProgram(
    options.executor,
    program,
    stateLinks(pieces),
    splitState(pieces, start),
  );
  try {
    const run = new StepRunner(session, network, batchSize, maskTokens, start.step);
    while (run.step < options.steps) {
      options.signal?.throwIfAborted();
      const { step } = run;
      options.features.read(options.level, plan.images(step), run.tokens);
      fillCorruption(
        {
          seed: options.seed,
          tap: options.tap,
          step,
          tokens,
          probability: jitterProbability,
          mask: maskTokens,
        },
        batchSize,
        run.noise,
      );
      const loss = await run.take(
        adamRates(step + 1, learningRate(preset, step, options.steps), adam),
      );
      if (!Number.isFinite(loss)) throw divergedError('loss', options.tap, step + 1);
      if ((await options.afterStep(run, loss)) === 'stop') break;
    }
    return { step: run.step, weights: (await run.read()).weights };
  } finally {
    await session.release();
  }
}

/** Takes steps one after the other. */
class StepRunner implements StateView {
  readonly tokens: Float32Array;
  readonly noise: Float32Array;
  readonly #session: StatefulSession;
  readonly #tokenShape: readonly number[];
  readonly #pieces: readonly ParameterSpec[];
  readonly #noiseShape: readonly number[];
  #step: number;

  constructor(
    session: StatefulSession,
    network: RlrNetworkConfig,
    batchSize: number,
    maskTokens: boolean,
    step: number,
  ) {
    this.#session = session;
    this.#pieces = statePieces(rlrParameters(network));
    this.#step = step;
    this.#tokenShape = [batchSize, network.grid * network.grid, network.channels];
    this.#noiseShape = maskTokens ? [batchSize, network.grid * network.grid, 1] : this.#tokenShape;
    this.tokens = new Float32Array(elements(this.#tokenShape));
    this.noise = new Float32Array(elements(this.#noiseShape));
  }

  get step(): number {
    return this.#step;
  }

  async read(): Promise<LevelState> {
    return { step: this.#step, ...joinState(this.#pieces, await this.#session.readState()) };
  }

  /** @returns The loss before the step. */
  async take(rates: AdamRates<number>): Promise<number> {
    const feeds: TensorMap = {
      tokens: float32(this.#tokenShape, this.tokens),
      noise: float32(this.#noiseShape, this.noise),
      stepSize: float32([], [rates.stepSize]),
      epsilon: float32([], [rates.epsilon]),
      keep: float32([], [rates.keep]),
    };
    const { loss } = await this.#session.step(feeds, ['loss']);
    this.#step++;
    return Number(loss?.data[0]);
  }
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
