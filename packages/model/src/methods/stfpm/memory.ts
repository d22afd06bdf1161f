/** @file Memory that training a student takes, estimated before it begins. */
import { batchedSteps, stfpm as definition } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedImageFit } from '../method.ts';
import { type Architecture, convolutionsOf, readArchitecture } from './architecture.ts';
import { studentParameters } from './parameters.ts';

/** Weights in two buffers, velocity, the best state, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 10;
/** What a step keeps of each value that a convolution gives: itself, normalized, after ReLU, their transpositions and gradients. */
const COPIES_OF_VALUES = 10;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`, or the backbone can't be copied. */
export function assertFits(fit: PlannedImageFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const architecture = readArchitecture(fit.backbone);
  const { batchSize } = batchedSteps(preset, fit);
  const state = totalSize(studentParameters(architecture));
  const values = batchSize * valuesOf(architecture, preset.imageSizePx);
  assertTrainingMemory(definition, COPIES_OF_STATE * state + COPIES_OF_VALUES * values, fit);
}

/** Numbers that the convolutions give for an image. */
function valuesOf(architecture: Architecture, imageSizePx: number): number {
  const sides = new Map([[architecture.input, imageSizePx]]);
  for (const [name, layer] of architecture.layers) {
    const before = sides.get(layer.kind === 'sum' ? layer.inputs[0] : layer.input) ?? imageSizePx;
    if (layer.kind !== 'convolution' && layer.kind !== 'maxPool') sides.set(name, before);
    else {
      const [top, bottom] = layer.padding[0];
      const reach = before + top + bottom - layer.kernel[0];
      sides.set(name, Math.floor(reach / layer.strides[0]) + 1);
    }
  }
  const convolutions = [...architecture.layers].filter(([, { kind }]) => kind === 'convolution');
  const channels = convolutionsOf(architecture).map(({ outChannels }) => outChannels);
  return convolutions.reduce(
    (sum, [name], index) => sum + (sides.get(name) ?? 0) ** 2 * (channels[index] ?? 0),
    0,
  );
}
