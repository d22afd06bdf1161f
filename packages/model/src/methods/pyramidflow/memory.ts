/** @file Memory that training PyramidFlow takes, estimated before it begins. */
import {
  batchedSteps,
  pyramidflow as definition,
  pyramidShape,
  pyramidSize,
  pyramidValues,
} from '@plumbline/contracts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';

/** Weights in two buffers, two moments, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 11;
/** What a step keeps of each value that a convolution gives: itself, after what follows, their transpositions and gradients. */
const COPIES_OF_VALUES = 10;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const shape = pyramidShape(preset, fit.levels);
  const { batchSize } = batchedSteps(preset, fit);
  const values = batchSize * pyramidValues(shape);
  assertTrainingMemory(
    definition,
    COPIES_OF_STATE * pyramidSize(shape) + COPIES_OF_VALUES * values,
    fit,
  );
}
