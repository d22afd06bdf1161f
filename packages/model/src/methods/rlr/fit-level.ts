/** @file Trains the network of one feature level, from scratch or from a checkpoint. */
import type { Executor, StatefulSession, TensorMap } from '@plumbline/contracts';
import { DomainError } from '@plumbline/contracts';
import { loadStatefulProgram } from '../../eager/load-program.ts';
import { ADAM_DEFAULTS, type AdamConfig, type AdamRates, adamRates } from '../../nn/adam.ts';
import { initializeParameters, type ParameterSpec } from '../../nn/parameters.ts';
import { RandomStream } from '../../nn/random.ts';
import { float32 } from '../../onnx/index.ts';
import type { FeatureSource } from '../method.ts';
import { batchImages, fillStepNoise } from './batches.ts';
import type { RlrNetworkConfig, RlrPreset } from './config.ts';
import { rlrParameters } from './parameters.ts';
import { joinState, splitState, stateLinks, statePieces } from './training-state.ts';
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
  /** Awaited after each step. */
  afterStep(state: StateView, loss: number): Promise<void>;
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
 * Runs the remaining steps.
 * @returns The weights after the last one.
 * @throws DomainError CANCELLED when the signal is raised; INVALID_INPUT when the loss is no longer a number.
 */
export async function fitLevel(options: FitLevelOptions, start: LevelState): Promise<Float32Array> {
  const { network, preset } = options;
  const adam: AdamConfig = { ...ADAM_DEFAULTS, weightDecay: preset.weightDecay };
  const batchSize = Math.min(preset.batchSize, Math.max(1, options.features.count));
  const program = trainingStepProgram({
    network,
    batchSize,
    jitterScale: preset.jitterScale,
    adam,
  });
  const pieces = statePieces(rlrParameters(network));
  const session = await loadStatefulProgram(
    options.executor,
    program,
    stateLinks(pieces),
    splitState(pieces, start),
  );
  try {
    const run = new StepRunner(session, network, batchSize, start.step);
    while (run.step < options.steps) {
      options.signal?.throwIfAborted();
      const { step } = run;
      const images = batchImages({
        seed: options.seed,
        tap: options.tap,
        step,
        count: options.features.count,
        batchSize,
      });
      options.features.read(options.level, images, run.tokens);
      fillStepNoise({ seed: options.seed, tap: options.tap, step }, run.noise);
      const loss = await run.take(
        adamRates(step + 1, learningRate(preset, step, options.steps), adam),
      );
      assertFinite(loss, options.tap, step + 1);
      await options.afterStep(run, loss);
    }
    return (await run.read()).weights;
  } finally {
    await session.release();
  }
}

/** Constant, or cosine decay from the full rate at step 0 to 0 after the last. */
export function learningRate(preset: RlrPreset, step: number, steps: number): number {
  return preset.cosineDecay
    ? (preset.learningRate * (1 + Math.cos((Math.PI * step) / steps))) / 2
    : preset.learningRate;
}

function assertFinite(loss: number, tap: string, step: number): void {
  if (Number.isFinite(loss)) return;
  throw new DomainError('INVALID_INPUT', `The loss of level ${tap} is ${loss} at step ${step}.`, {
    fix: 'Check that the training images are what they should be; the last good checkpoint is kept.',
  });
}

/** Takes steps one after the other. */
class StepRunner implements StateView {
  readonly tokens: Float32Array;
  readonly noise: Float32Array;
  readonly #session: StatefulSession;
  readonly #tokenShape: readonly number[];
  readonly #pieces: readonly ParameterSpec[];
  #step: number;

  constructor(
    session: StatefulSession,
    network: RlrNetworkConfig,
    batchSize: number,
    step: number,
  ) {
    this.#session = session;
    this.#pieces = statePieces(rlrParameters(network));
    this.#step = step;
    this.#tokenShape = [batchSize, network.grid * network.grid, network.channels];
    const size = this.#tokenShape.reduce((product, dim) => product * dim, 1);
    this.tokens = new Float32Array(size);
    this.noise = new Float32Array(size);
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
      noise: float32(this.#tokenShape, this.noise),
      stepSize: float32([], [rates.stepSize]),
      epsilon: float32([], [rates.epsilon]),
      keep: float32([], [rates.keep]),
    };
    const { loss } = await this.#session.step(feeds, ['loss']);
    this.#step++;
    return Number(loss?.data[0]);
  }
}
