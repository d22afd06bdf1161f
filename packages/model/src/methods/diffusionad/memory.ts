/** @file Memory that training DiffusionAD takes, estimated before it begins. */
import {
  batchedSteps,
  diffusionad as definition,
  diffusionNetwork,
  diffusionValues,
} from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedImageFit } from '../method.ts';
import { diffusionParameters } from './parameters.ts';

/** Weights in two buffers, two moments, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 11;
/** What a step keeps of each value that a layer gives: itself, normalized, after SiLU, their transpositions and gradients. */
const COPIES_OF_VALUES = 10;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedImageFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const network = diffusionNetwork(preset.width, preset.imageSizePx);
  const { batchSize } = batchedSteps(preset, fit);
  const state = totalSize(diffusionParameters(network));
  const values = batchSize * diffusionValues(network, preset.imageSizePx);
  assertTrainingMemory(definition, COPIES_OF_STATE * state + COPIES_OF_VALUES * values, fit);
}
