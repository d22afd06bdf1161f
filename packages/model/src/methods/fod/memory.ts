/** @file Memory that training FOD takes, estimated before it begins. */
import { batchedSteps, fod as definition, fodMaps, fodNetworks } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';
import { fodParameters } from './parameters.ts';

/** Weights in two buffers, moments in one, the best state, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 13;
/** Of each map of attention and of what lies nearby: itself, what its gradient keeps, and that. */
const COPIES_OF_MAPS = 3;
/** Activations `[N, L, d]` kept for the gradient, for each layer. */
const COPIES_OF_ACTIVATIONS = 40;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const networks = fodNetworks(preset, fit.levels);
  const { batchSize } = batchedSteps(preset, fit);
  const state = totalSize(fodParameters(networks));
  const perImage = networks.reduce((sum, network) => {
    const { grid, channels, width, layers } = network;
    const activations = grid ** 2 * (layers * COPIES_OF_ACTIVATIONS * width + 10 * channels);
    return sum + COPIES_OF_MAPS * fodMaps(network) + activations;
  }, 0);
  const references = preset.references === 0 ? 1 : preset.references * fit.categories;
  const kept = networks.reduce((sum, { grid, channels }) => sum + grid ** 2 * channels, 0);
  assertTrainingMemory(
    definition,
    COPIES_OF_STATE * state + batchSize * perImage + 4 * Math.min(references, fit.images) * kept,
    fit,
  );
}
