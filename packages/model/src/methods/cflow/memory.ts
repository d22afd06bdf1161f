/** @file Memory that training CFLOW takes, estimated before it begins. */
import { cflowWidths, cflow as definition, planCflowLevels } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';
import { flowParameters } from './parameters.ts';

/** Weights in two buffers, moments in one, the best state, the copy for a checkpoint and its bytes, gradients. */
const COPIES_OF_STATE = 13;
/** What a block keeps of a vector: values of C channels and of the hidden layer, and their gradients. */
const COPIES_OF_CHANNELS = 12;
const COPIES_OF_HIDDEN = 3;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const { blocks, permutation } = preset;
  const needed = planCflowLevels(preset, fit.levels, fit).map((plan) => {
    const { channels, grid, vectors, batchSize } = plan;
    const state = totalSize(flowParameters({ channels, blocks }));
    const perBlock =
      COPIES_OF_CHANNELS * channels + COPIES_OF_HIDDEN * cflowWidths(channels).hidden;
    const rotations = permutation === 'soft' ? 2 * blocks * channels ** 2 : 0;
    return (
      COPIES_OF_STATE * state +
      rotations +
      vectors * blocks * perBlock +
      batchSize * grid ** 2 * channels
    );
  });
  assertTrainingMemory(definition, Math.max(...needed), fit);
}
