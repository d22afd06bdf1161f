/** @file Memory that training a level takes, estimated before it begins. */
import { rlr as definition } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { type AvailableMemory, assertMemory, trainingBytes } from '../memory.ts';
import type { LevelPlan } from './config.ts';
import { rlrParameters } from './parameters.ts';

/** Weights in two buffers, moments in one, the copy for a checkpoint and its bytes, gradients and their temporaries. */
const COPIES_OF_STATE = 12;
/** Attention maps `[N, heads, L, L]` beside those kept for the gradient, one for each attention of the network. */
const MAPS_IN_WORK = 3;
/** Activations `[N, L, d]` kept for the gradient, for each layer; the feed-forward's hidden ones are 4 wide. */
const COPIES_OF_ACTIVATIONS = 40;

/** Estimated peak memory of training a level, bytes. */
export function fitBytes({ network, batchSize }: LevelPlan): number {
  const { grid, width, layers, heads, blocks, referenceLength } = network;
  const tokens = grid ** 2;
  const attentions = blocks.reduce(
    (sum, block) => sum + (block === 'msa' || block === 'sa' ? 1 : referenceLength),
    0,
  );
  const state = totalSize(rlrParameters(network)) * COPIES_OF_STATE;
  const maps = (layers * attentions + MAPS_IN_WORK) * batchSize * heads * tokens ** 2;
  const activations = layers * batchSize * tokens * width * COPIES_OF_ACTIVATIONS;
  return trainingBytes(state + maps + activations);
}

/** @throws DomainError INVALID_INPUT with advice when a level needs more. */
export function requireMemory(plans: readonly LevelPlan[], available: AvailableMemory): void {
  for (const plan of plans) {
    const { tap, network } = plan;
    const title = `${definition.title} at level ${tap} (${network.grid}×${network.grid})`;
    assertMemory({ name: definition.name, title }, fitBytes(plan), available);
  }
}
