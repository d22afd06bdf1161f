/** @file Memory that training InvAD takes, estimated before it begins. */
import {
  batchedSteps,
  invad as definition,
  invadNetwork,
  invadSize,
  invadValues,
} from '@plumbline/contracts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';

/** Weights in two buffers, two moments, the best state, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 12;
/** What a step keeps of each value that a convolution gives: itself, normalized, led, after its ReLU, and their gradients. */
const COPIES_OF_VALUES = 10;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const network = invadNetwork(preset, fit.levels);
  const { batchSize } = batchedSteps(preset, fit);
  const values = batchSize * invadValues(network);
  assertTrainingMemory(
    definition,
    COPIES_OF_STATE * invadSize(network) + COPIES_OF_VALUES * values,
    fit,
  );
}
