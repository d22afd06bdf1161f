/** @file Memory that training RD4AD takes, estimated before it begins. */
import {
  batchedSteps,
  rd4ad as definition,
  reverseNetwork,
  reverseValues,
} from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';
import { reverseParameters } from './parameters.ts';

/** Weights in two buffers, two moments, the best state, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 12;
/** What a step keeps of each value that a convolution gives: itself, normalized, after ReLU, their transpositions and gradients. */
const COPIES_OF_VALUES = 10;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const network = reverseNetwork(preset.network, fit.levels);
  const { batchSize } = batchedSteps(preset, fit);
  const state = totalSize(reverseParameters(network));
  const values = batchSize * reverseValues(network);
  assertTrainingMemory(definition, COPIES_OF_STATE * state + COPIES_OF_VALUES * values, fit);
}
