/** @file Memory that training UniAD takes, estimated before it begins. */
import { batchedSteps, uniad as definition, uniadMaps, uniadNetwork } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';
import { uniadParameters } from './parameters.ts';

/** Weights in two buffers, moments in one, the best state, the copy for a checkpoint and its bytes, gradients and their temporaries. */
const COPIES_OF_STATE = 13;
/** Attention maps `[N, heads, T, T]` beside those kept for the gradient. */
const MAPS_IN_WORK = 3;
/** With dropout, each map's factors and what is left of it are kept as well. */
const COPIES_WITH_DROPOUT = 3;
/** Activations `[N, T, d]` kept for the gradient, for each layer of encoder and decoder together. */
const COPIES_OF_ACTIVATIONS = 40;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const network = uniadNetwork(preset, fit.levels);
  const { batchSize } = batchedSteps(preset, fit);
  const { grid, channels, width, hidden, layers, heads } = network;
  const tokens = grid ** 2;
  const state = totalSize(uniadParameters(network));
  const maps = uniadMaps(network) + MAPS_IN_WORK * heads * tokens ** 2;
  const activations = tokens * layers * (COPIES_OF_ACTIVATIONS * width + 8 * hidden);
  const read = fit.levels.reduce((sum, level) => sum + level.grid ** 2 * level.channels, 0);
  const perImage =
    (preset.dropout === 0 ? 1 : COPIES_WITH_DROPOUT) * maps +
    activations +
    3 * read +
    8 * tokens * channels;
  assertTrainingMemory(definition, COPIES_OF_STATE * state + batchSize * perImage, fit);
}
