/** @file The network of one feature level as it is trained. L = grid² tokens, C channels, N batch. */
import type { TensorMap } from '@plumbline/contracts';
import { float32 } from '../../onnx/index.ts';
import { EpochBatches } from '../../training/batches.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { chosenOptimizer, type Optimizer } from '../../training/optimizers.ts';
import { stepsBetweenChecks } from '../../training/plateau.ts';
import { learningRate } from '../../training/schedules.ts';
import { streamsOf } from '../../training/streams.ts';
import type { Draw, HeldOutWatch, Trainable } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import type { Whitening } from '../whitening.ts';
import { type LevelPlan, levelPreset, type RlrPreset } from './config.ts';
import { fillCorruption } from './corruption.ts';
import { heldOutScores } from './held-out-scores.ts';
import { imageGroups } from './image-groups.ts';
import { trainingStep } from './training-step.ts';

export interface LevelOptions {
  readonly plan: Omit<LevelPlan, 'work'>;
  readonly preset: RlrPreset;
  readonly level: number;
  readonly seed: number;
  readonly features: FeatureSource;
  /** What the tokens are whitened with before anything else. */
  readonly whitening: Whitening | null;
  /** Held-out normal images, for early stopping. */
  readonly heldOut?: FeatureSource | undefined;
}

export function levelTrainable(options: LevelOptions): Trainable {
  const { plan, preset, level, seed, features, whitening } = options;
  const { tap, network, steps, batchSize } = plan;
  const { jitterScale, maskTokens } = preset;
  const random = streamsOf(seed, tap);
  const tokens = network.grid ** 2 * network.channels;
  const groups = imageGroups({
    ...{ level, features, tokens, channels: network.channels, balance: preset.balance },
  });
  return {
    ...trainingStep({
      network,
      batchSize,
      corruption: { jitterScale, maskTokens },
      whitening,
      optimizer: optimizerOf(preset, network.grid),
      learningRate: (step) => learningRate(preset, step, steps),
    }),
    name: tap,
    title: `level ${tap}`,
    steps,
    random,
    batches: new EpochBatches(groups, batchSize, random),
    feeds: feedsOf(options),
    watch: watchOf(options),
    divergence: lowerLearningRate(),
  };
}

function optimizerOf(preset: RlrPreset, grid: number): Optimizer {
  const { matrixLearningRate } = levelPreset(preset, grid);
  return chosenOptimizer({ ...preset, matrixLearningRate }, preset.weightDecay);
}

/** Tokens and noise, in arrays that stay the same. */
function feedsOf({ plan, preset, level, features }: LevelOptions): (draw: Draw) => TensorMap {
  const { network, batchSize } = plan;
  const { maskTokens: mask, jitterProbability: probability } = preset;
  const length = network.grid ** 2;
  const shape = [batchSize, length, network.channels];
  const noiseShape = mask ? [batchSize, length, 1] : shape;
  const tokens = new Float32Array(elements(shape));
  const noise = new Float32Array(elements(noiseShape));
  return ({ images, random }) => {
    features.read(level, images, tokens);
    fillCorruption(
      { random: random('noise'), tokens: length, probability, mask },
      batchSize,
      noise,
    );
    return { tokens: float32(shape, tokens), noise: float32(noiseShape, noise) };
  };
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** When the preset stops early and there are held-out images. */
function watchOf(options: LevelOptions): HeldOutWatch | undefined {
  const { plan, preset, level, features, heldOut, whitening } = options;
  if (!preset.earlyStopping || heldOut === undefined || heldOut.count === 0) return undefined;
  const { network, batchSize } = plan;
  return {
    purpose: 'stop',
    everySteps: stepsBetweenChecks(features.count, batchSize),
    heldOut: heldOutScores({ network, level, images: heldOut, batchSize, whitening }),
  };
}
