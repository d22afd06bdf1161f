/** @file Memory that training INP-Former takes, estimated before it begins. */
import {
  batchedSteps,
  inpformer as definition,
  levelValues,
  mapNetwork,
  mapTokens,
} from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';
import { inpFormerParameters } from './parameters.ts';

/** Weights in two buffers, three moments in one, the best state, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 15;
/** Activations `[N, T, C]` kept for the gradient, for each layer, those of its perceptron four times as wide. */
const COPIES_OF_ACTIVATIONS = 32;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const network = mapNetwork(preset, fit.levels);
  const { batchSize } = batchedSteps(preset, fit);
  const activations = mapTokens(network) * network.channels * COPIES_OF_ACTIVATIONS;
  const perImage = (network.layers + 2) * activations + 3 * levelValues(fit.levels);
  const { prototypes } = preset;
  const state = totalSize(inpFormerParameters({ ...network, prototypes }));
  assertTrainingMemory(definition, COPIES_OF_STATE * state + batchSize * perImage, fit);
}
