/** @file Trains the network of one feature level, from scratch or from a checkpoint. */
import type { Executor, GraphSession, TensorMap } from '@plumbline/contracts';
import { DomainError } from '@plumbline/contracts';
import { ADAM_DEFAULTS, type AdamConfig, adamRates } from '../../nn/adam.ts';
import { initializeParameters } from '../../nn/parameters.ts';
import { RandomStream } from '../../nn/random.ts';
import { float32 } from '../../onnx/index.ts';
import type { FeatureSource } from '../method.ts';
import { batchImages, fillStepNoise } from './batches.ts';
import type { RlrNetworkConfig, RlrPreset } from './config.ts';
import { rlrParameters } from './parameters.ts';
import { traceTrainingStep } from './training-step.ts';

export interface LevelState {
  /** Steps taken. */
  step: number;
  weights: Float32Array;
  firstMoment: Float32Array;
  secondMoment: Float32Array;
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
  /** Called after each step with the state as it is then; the arrays are reused two steps later. */
  afterStep(state: Readonly<LevelState>, loss: number): Promise<void>;
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
  const graph = traceTrainingStep({ network, batchSize, jitterScale: preset.jitterScale, adam });
  const session = await options.executor.load(graph);
  try {
    const run = new StepRunner(session, network, batchSize, start);
    while (run.state.step < options.steps) {
      options.signal?.throwIfAborted();
      const { step } = run.state;
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
      await options.afterStep(run.state, loss);
    }
    return run.state.weights.slice();
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

/** Holds the two sets of state buffers that a step reads from and writes to in turn. */
class StepRunner {
  readonly tokens: Float32Array;
  readonly noise: Float32Array;
  readonly #session: GraphSession;
  readonly #tokenShape: readonly number[];
  #current: LevelState;
  #spare: LevelState;

  constructor(
    session: GraphSession,
    network: RlrNetworkConfig,
    batchSize: number,
    start: LevelState,
  ) {
    this.#session = session;
    this.#tokenShape = [batchSize, network.grid * network.grid, network.channels];
    const size = this.#tokenShape.reduce((product, dim) => product * dim, 1);
    this.tokens = new Float32Array(size);
    this.noise = new Float32Array(size);
    this.#current = start;
    this.#spare = {
      step: 0,
      weights: new Float32Array(start.weights.length),
      firstMoment: new Float32Array(start.weights.length),
      secondMoment: new Float32Array(start.weights.length),
    };
  }

  get state(): Readonly<LevelState> {
    return this.#current;
  }

  async take(rates: { stepSize: number; momentScale: number; decay: number }): Promise<number> {
    const [from, to] = [this.#current, this.#spare];
    const size = [from.weights.length];
    const all: TensorMap = {
      weights: float32(size, from.weights),
      firstMoment: float32(size, from.firstMoment),
      secondMoment: float32(size, from.secondMoment),
      tokens: float32(this.#tokenShape, this.tokens),
      noise: float32(this.#tokenShape, this.noise),
      stepSize: float32([], [rates.stepSize]),
      momentScale: float32([], [rates.momentScale]),
      decay: float32([], [rates.decay]),
    };
    // A graph without weight decay or noise has no such input left.
    const feeds = Object.fromEntries(
      this.#session.inputNames.map((name) => [name, all[name] as TensorMap[string]]),
    );
    const outputs: TensorMap = {
      weightsNext: float32(size, to.weights),
      firstMomentNext: float32(size, to.firstMoment),
      secondMomentNext: float32(size, to.secondMoment),
    };
    const result = await this.#session.run(feeds, outputs, [
      'weightsNext',
      'firstMomentNext',
      'secondMomentNext',
      'loss',
    ]);
    to.step = from.step + 1;
    this.#current = to;
    this.#spare = from;
    return Number(result['loss']?.data[0]);
  }
}
