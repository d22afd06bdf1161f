/** @file Memory that training DRAEM takes, estimated before it begins. */
import { batchedSteps, draem as definition, draemNetwork, draemValues } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedImageFit } from '../method.ts';
import { draemParameters } from './parameters.ts';

/** Weights in two buffers, two moments, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 11;
/** What a step keeps of each value that a convolution gives: itself, normalized, after ReLU, their transpositions and gradients. */
const COPIES_OF_VALUES = 10;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedImageFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const network = draemNetwork(preset.width);
  const { batchSize } = batchedSteps(preset, fit);
  const state = totalSize(draemParameters(network));
  const values = batchSize * draemValues(network, preset.imageSizePx);
  assertTrainingMemory(definition, COPIES_OF_STATE * state + COPIES_OF_VALUES * values, fit);
}
