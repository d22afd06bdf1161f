/** @file Memory that training FastFlow takes, estimated before it begins. */
import { batchedSteps, fastflow as definition, fastflowWidths } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';
import { fastflowParameters } from './parameters.ts';

/** Weights in two buffers, moments in one, the best state, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 13;
/** What a block keeps of a map: values of C channels, of the hidden layer, their transpositions and gradients. */
const COPIES_OF_CHANNELS = 12;
const COPIES_OF_HIDDEN = 4;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const { batchSize } = batchedSteps(preset, fit);
  const state = totalSize(fastflowParameters(preset, fit.levels));
  const perImage = fit.levels.reduce((sum, { grid, channels }) => {
    const { hidden } = fastflowWidths(preset, channels);
    return sum + grid ** 2 * (COPIES_OF_CHANNELS * channels + COPIES_OF_HIDDEN * hidden);
  }, 0);
  assertTrainingMemory(
    definition,
    COPIES_OF_STATE * state + batchSize * preset.blocks * perImage,
    fit,
  );
}
