/** @file STFPM's student as it is trained: images in, the frozen teacher part of each step. N images, S pixels a side. */
import { batchedSteps, STFPM_PART, type StfpmPreset, type TensorMap } from '@plumbline/contracts';
import { mean, type Tensor } from '@tensorflow/tfjs-core';
import { buildTokensGraph } from '../../export/feature-graph.ts';
import { Weights } from '../../nn/weights.ts';
import { float32 } from '../../onnx/index.ts';
import type { FrozenGraph, TracedInput } from '../../trace/index.ts';
import { allImages, EpochBatches } from '../../training/batches.ts';
import { differentiate } from '../../training/differentiate.ts';
import { lowerLearningRate } from '../../training/divergence.ts';
import { keepBestWatch } from '../../training/keep-best.ts';
import { sgd } from '../../training/optimizers.ts';
import { streamsOf } from '../../training/streams.ts';
import type { HeldOutWatch, Trainable } from '../../training/trainable.ts';
import type { FeatureLevel, ImageFitOptions, ImageSource } from '../method.ts';
import type { Architecture } from './architecture.ts';
import { anomalyGrid, distillationLoss } from './distance.ts';
import { studentTaps, studentTapsOfBatch } from './forward.ts';
import { studentBuffers, studentParameters } from './parameters.ts';

/** As released. */
const OPTIMIZER = { momentum: 0.9, l2: 1e-4 };

export interface StfpmFit
  extends Pick<
    ImageFitOptions,
    'seed' | 'maxSteps' | 'categories' | 'images' | 'heldOut' | 'backbone'
  > {
  readonly preset: StfpmPreset;
  readonly architecture: Architecture;
  readonly levels: readonly FeatureLevel[];
}

export function stfpmTrainable(fit: StfpmFit): Trainable {
  const { preset, architecture, levels, seed, images } = fit;
  const { batchSize, steps } = batchedSteps(preset, {
    ...{ images: images.count, categories: fit.categories, maxSteps: fit.maxSteps },
  });
  const random = streamsOf(seed, STFPM_PART);
  const feed = imageFeeds(images, batchSize, preset.imageSizePx);
  return {
    name: STFPM_PART,
    title: 'the student',
    steps,
    groups: [
      {
        name: STFPM_PART,
        parameters: studentParameters(architecture),
        optimizer: sgd(OPTIMIZER),
        learningRate: () => preset.learningRate,
      },
    ],
    buffers: studentBuffers(architecture),
    inputs: imageInputs(batchSize, preset.imageSizePx),
    frozen: teacherOf(fit, batchSize),
    random,
    batches: new EpochBatches(allImages(images.count), batchSize, random),
    feeds: (draw) => feed(draw.images),
    step: ({ parameters, buffers, inputs }) =>
      differentiate(parameters, (given) => {
        const pixels = inputs['pixels'] as Tensor;
        const student = studentTapsOfBatch(architecture, new Weights(given), pixels, buffers);
        const loss = distillationLoss(teacherTokens(inputs, levels), student.taps);
        return { loss, buffers: student.buffers };
      }),
    watch: watchOf(fit, batchSize),
    divergence: lowerLearningRate(),
  };
}

/** What the frozen backbone gives, among the inputs of a step or of the scoring graph. */
export function teacherTokens(
  inputs: Readonly<Record<string, Tensor>>,
  levels: readonly FeatureLevel[],
): Tensor[] {
  return levels.map((_, level) => inputs[`tokens${level}`] as Tensor);
}

function imageInputs(batchSize: number, side: number): Record<string, TracedInput> {
  return { pixels: { shape: [batchSize, 3, side, side] } };
}

function teacherOf({ backbone, levels }: StfpmFit, batchSize: number): FrozenGraph {
  const outputs = levels.map(
    ({ grid, channels }, level) => [`tokens${level}`, [batchSize, grid ** 2, channels]] as const,
  );
  return {
    model: buildTokensGraph(backbone),
    inputs: { pixels: 'pixels' },
    outputs: Object.fromEntries(outputs),
  };
}

/** Fills an array that stays the same: a step is done with it before the next. */
function imageFeeds(
  images: ImageSource,
  batchSize: number,
  side: number,
): (batch: Int32Array) => Promise<TensorMap> {
  const shape = [batchSize, 3, side, side];
  const values = new Float32Array(batchSize * 3 * side ** 2);
  return async (batch) => {
    await images.read(batch, values);
    return { pixels: float32(shape, values) };
  };
}

/** The mean map of held-out images is to be the smallest. */
function watchOf(fit: StfpmFit, batchSize: number): HeldOutWatch | undefined {
  const { preset, architecture, levels, images, heldOut } = fit;
  return keepBestWatch({ preset, images: images.count, batchSize, heldOut }, (source) => ({
    name: 'stfpm-held-out-map',
    parameters: studentParameters(architecture),
    buffers: studentBuffers(architecture),
    inputs: imageInputs(batchSize, preset.imageSizePx),
    frozen: teacherOf(fit, batchSize),
    feeds: imageFeeds(source, batchSize, preset.imageSizePx),
    loss: ({ parameters, buffers, inputs }) => {
      const pixels = inputs['pixels'] as Tensor;
      const student = studentTaps(architecture, new Weights(parameters), pixels, buffers);
      return mean(anomalyGrid(levels, teacherTokens(inputs, levels), student));
    },
  }));
}
