/** @file Memory that training a level takes, estimated before it begins. */
import { DomainError } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import type { LevelPlan } from './config.ts';
import { rlrParameters } from './parameters.ts';

const BYTES = 4;
/** The process, the runtime and the backbone. */
const BASE_BYTES = 400e6;
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
  return BASE_BYTES + BYTES * (state + maps + activations);
}

/**
 * @param available Bytes that fitting may take; not limited when absent.
 * @throws DomainError INVALID_INPUT with advice when the largest level needs more.
 */
export function requireMemory(plans: readonly LevelPlan[], available = Number.POSITIVE_INFINITY) {
  for (const plan of plans) {
    const needed = fitBytes(plan);
    if (needed <= available) continue;
    const { grid } = plan.network;
    throw new DomainError(
      'INVALID_INPUT',
      `Training level ${plan.tap} (${grid}×${grid}) needs about ${gigabytes(needed)} of memory, and ${gigabytes(available)} are free.`,
      {
        field: 'preset',
        fix: 'Choose a smaller batch (--set batchSize=2) or preset, or leave out the finest feature level (--taps), or free memory.',
      },
    );
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
