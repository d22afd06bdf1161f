/** @file Memory that training RD++ takes, estimated before it begins. */
import {
  batchedSteps,
  rdpp as definition,
  projectionValues,
  reverseNetwork,
  reverseValues,
} from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedImageFit } from '../method.ts';
import { rdppParameters } from './parameters.ts';

/** Weights in two buffers, two moments, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 11;
/** What a step keeps of each value that a convolution gives: itself, normalized, after ReLU, their transpositions and gradients. */
const COPIES_OF_VALUES = 10;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedImageFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const network = reverseNetwork(preset.network, fit.levels);
  const { batchSize } = batchedSteps(preset, fit);
  const state = totalSize(rdppParameters(network));
  // Projections see each image twice.
  const values = batchSize * (reverseValues(network) + 2 * projectionValues(network.levels));
  assertTrainingMemory(definition, COPIES_OF_STATE * state + COPIES_OF_VALUES * values, fit);
}
