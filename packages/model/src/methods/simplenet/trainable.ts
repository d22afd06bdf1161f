/** @file SimpleNet as it is trained: two groups of parameters, each with an optimizer of its own. N images, P patches. */
import {
  SIMPLENET_PART,
  type SimpleNetPreset,
  simpleNetSteps,
  simpleNetWidths,
} from '@plumbline/contracts';
import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import { Weights } from '../../nn/weights.ts';
import { allImages, EpochBatches, spreadBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { adam, adamW } from '../../training/optimizers.ts';
import { stepsBetweenChecks } from '../../training/plateau.ts';
import { streamsOf } from '../../training/streams.ts';
import type {
  HeldOutWatch,
  ParameterGroup,
  StepGiven,
  Trainable,
} from '../../training/trainable.ts';
import type { FeatureSource } from '../method.ts';
import { embedPatches, inputTokens, type PatchEmbedding } from '../patch-embedding.ts';
import type { Centers } from './centers.ts';
import { heldOutLoss, type NoisyPatches, trainingLoss } from './loss.ts';
import { noisyFeeds, noisyInputs } from './noisy-feeds.ts';
import {
  adaptorParameters,
  discriminatorParameters,
  type SimpleNetSizes,
  simpleNetBuffers,
  simpleNetParameters,
} from './parameters.ts';

/** PyTorch's default for AdamW, and the released L2 of the discriminator's Adam. */
const ADAPTOR_DECAY = 0.01;
const DISCRIMINATOR_L2 = 1e-5;

export interface SimpleNetFit {
  readonly preset: SimpleNetPreset;
  readonly plan: PatchEmbedding;
  readonly seed: number;
  readonly categories: number;
  readonly maxSteps?: number | undefined;
  readonly features: FeatureSource;
  /** Null as SimpleNet. */
  readonly centers: Centers | null;
  /** Held-out normal images, for early stopping. */
  readonly heldOut?: FeatureSource | undefined;
}

export function simpleNetTrainable(fit: SimpleNetFit): Trainable {
  const { preset, plan, seed, features } = fit;
  const { batchSize, steps } = simpleNetSteps(preset, {
    ...{ images: features.count, categories: fit.categories },
    maxSteps: fit.maxSteps,
  });
  const random = streamsOf(seed, SIMPLENET_PART);
  const feed = noisyFeeds(plan, features, batchSize);
  return {
    name: SIMPLENET_PART,
    title: 'the discriminator',
    steps,
    groups: parameterGroups(preset, sizesOf(fit)),
    buffers: simpleNetBuffers(sizesOf(fit)),
    inputs: noisyInputs(plan, batchSize),
    random,
    batches: new EpochBatches(allImages(features.count), batchSize, random),
    feeds: (draw) => feed(draw.images, draw.random('noise')),
    step: ({ parameters, buffers, inputs }) =>
      differentiate(parameters, (given) => {
        const noisy = noisyPatches(fit, inputs);
        const { loss, running } = trainingLoss(new Weights(given), noisy, buffers);
        return { loss, buffers: running };
      }),
    watch: watchOf(fit, batchSize),
    divergence: lowerLearningRate('discriminatorRate'),
  };
}

export function sizesOf({ plan, preset }: Pick<SimpleNetFit, 'plan' | 'preset'>): SimpleNetSizes {
  return { channels: plan.size, widths: simpleNetWidths(preset, plan.size) };
}

function parameterGroups(preset: SimpleNetPreset, sizes: SimpleNetSizes): ParameterGroup[] {
  return [
    {
      name: 'adaptor',
      parameters: adaptorParameters(sizes),
      optimizer: adamW({ weightDecay: ADAPTOR_DECAY }),
      learningRate: () => preset.adaptorRate,
    },
    {
      name: 'discriminator',
      parameters: discriminatorParameters(sizes),
      optimizer: adam({ l2: DISCRIMINATOR_L2 }),
      learningRate: () => preset.discriminatorRate,
    },
  ];
}

function noisyPatches(
  { plan, preset, centers }: Pick<SimpleNetFit, 'plan' | 'preset' | 'centers'>,
  inputs: StepGiven['inputs'],
): NoisyPatches {
  const embedded = embedPatches(inputTokens(inputs, plan), plan); // [N, P, D]
  return {
    patches: reshape(embedded, [-1, plan.size]),
    noise: inputs['noise'] as Tensor,
    scale: preset.noise,
    guidance: preset.guidance,
    loss: preset.loss,
    centers,
  };
}

/** When the preset stops early and there are held-out images. Their noise is the same at every check. */
function watchOf(fit: SimpleNetFit, batchSize: number): HeldOutWatch | undefined {
  const { preset, plan, seed, features, heldOut } = fit;
  if (!preset.earlyStopping || heldOut === undefined || heldOut.count === 0) return undefined;
  const random = streamsOf(seed, SIMPLENET_PART);
  const feed = noisyFeeds(plan, heldOut, batchSize);
  return {
    purpose: 'stop',
    everySteps: stepsBetweenChecks(features.count, batchSize),
    heldOut: {
      name: 'simplenet-held-out-loss',
      parameters: simpleNetParameters(sizesOf(fit)),
      buffers: simpleNetBuffers(sizesOf(fit)),
      inputs: noisyInputs(plan, batchSize),
      batches: spreadBatches(heldOut.count, batchSize),
      feeds: (images) => feed(images, random('held-out noise', ...images)),
      loss: ({ parameters, buffers, inputs }) =>
        heldOutLoss(new Weights(parameters), noisyPatches(fit, inputs), buffers),
    },
  };
}
