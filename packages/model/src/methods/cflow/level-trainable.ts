/** @file The flow of one feature level as it is trained. N vectors of a step, L places, C channels. */
import type { CflowLevelPlan, CflowPreset } from '@plumbline/contracts';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { Mixing } from '../../nn/coupling.ts';
import { Weights } from '../../nn/weights.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { keepBestWatch } from '../../training/keep-best.ts';
import { adam } from '../../training/optimizers.ts';
import { streamsOf } from '../../training/streams.ts';
import type { HeldOutWatch, Trainable } from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import { stepFeeds } from '../step-feeds.ts';
import { type Whitening, whitened } from '../whitening.ts';
import { Fibers } from './fibers.ts';
import { flow, flowMixings, logDensities, placeCodes } from './forward.ts';
import { flowLoss } from './loss.ts';
import { flowParameters } from './parameters.ts';
import { cflowRate } from './schedule.ts';

/** Held-out images whose density is computed at once. */
const MOST_AT_ONCE = 8;

export interface CflowLevel {
  readonly plan: CflowLevelPlan;
  readonly preset: CflowPreset;
  readonly level: number;
  readonly seed: number;
  readonly features: FeatureSource;
  readonly whitening: Whitening | null;
  readonly heldOut?: FeatureSource | undefined;
}

export interface LevelTrainable extends Trainable {
  readonly batches: Fibers;
}

export function levelMixings({ plan, preset, seed }: Omit<CflowLevel, 'features'>): Mixing[] {
  const { channels, tap } = plan;
  return flowMixings(preset.permutation, { channels, blocks: preset.blocks }, streamsOf(seed, tap));
}

export function levelTrainable(options: CflowLevel): LevelTrainable {
  const { plan, preset, level, seed, features, whitening } = options;
  const { tap, grid, channels, vectors, fibers, steps } = plan;
  const codes = placeCodes(grid);
  const random = streamsOf(seed, tap);
  const mixings = levelMixings(options);
  const read = (images: Int32Array, out: Float32Array) => features.read(level, images, out);
  const batches = new Fibers(
    { ...plan, places: grid ** 2 },
    { count: features.count, read, codes },
    random,
  );
  return {
    name: tap,
    title: `the flow of ${tap}`,
    steps,
    groups: [
      {
        name: tap,
        parameters: flowParameters({ channels, blocks: preset.blocks }),
        optimizer: adam(),
        // As released, one rate for all steps of the images drawn together.
        learningRate: (step) =>
          cflowRate(preset.learningRate, (Math.floor(step / fibers) * fibers) / steps),
      },
    ],
    inputs: {
      vectors: { shape: [vectors, channels] },
      codes: { shape: [vectors, codes.length / grid ** 2] },
    },
    random,
    batches,
    feeds: ({ step }) => batches.feeds(step),
    step: ({ parameters, inputs }) =>
      differentiate(parameters, (given) => {
        const x = whitened(inputs['vectors'] as Tensor, whitening);
        const flowed = flow(mixings, new Weights(given), x, inputs['codes'] as Tensor);
        return { loss: flowLoss(logDensities(flowed)) };
      }),
    watch: watchOf(options, mixings),
    divergence: lowerLearningRate(),
  };
}

/** All vectors of held-out images are to be likely. */
function watchOf(options: CflowLevel, mixings: readonly Mixing[]): HeldOutWatch | undefined {
  const { plan, preset, level, features, heldOut, whitening } = options;
  const { grid, channels, batchSize, fibers } = plan;
  const codes = placeCodes(grid);
  return keepBestWatch(
    { preset, images: features.count * fibers, batchSize, atOnce: MOST_AT_ONCE, heldOut },
    (source, atOnce) => {
      const inputs = { tokens: { shape: [atOnce, grid ** 2, channels] } };
      return {
        name: 'cflow-held-out-loss',
        parameters: flowParameters({ channels, blocks: preset.blocks }),
        inputs,
        feeds: stepFeeds(inputs, (_, images: Int32Array, out) => source.read(level, images, out)),
        loss: ({ parameters, inputs: given }) => {
          const x = whitened(given['tokens'] as Tensor, whitening);
          const ofPlaces = tensor(codes, [grid ** 2, codes.length / grid ** 2]);
          return flowLoss(logDensities(flow(mixings, new Weights(parameters), x, ofPlaces)));
        },
      };
    },
  );
}
