/** @file Memory that training SimpleNet takes, estimated before it begins. */
import { simplenet as definition, simpleNetSteps } from '@plumbline/contracts';
import { totalSize } from '../../nn/parameters.ts';
import { assertTrainingMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';
import { planEmbedding } from '../patch-embedding.ts';
import { simpleNetParameters } from './parameters.ts';
import { sizesOf } from './trainable.ts';

/** Weights in two buffers, moments in one, the copy for a checkpoint and its bytes, gradients and their temporaries. */
const COPIES_OF_STATE = 12;
/** Values of a patch in a step: D wide (tokens, noise, patches of both kinds, gradients), and H wide. */
const COPIES_OF_CHANNELS = 14;
const COPIES_OF_HIDDEN = 12;
/** Unfolded neighborhoods, beside all that. */
const UNFOLDED = 2 * 9;

/** @throws DomainError INVALID_INPUT when a step would take more than `memoryBytes`. */
export function assertFits(fit: PlannedFit): void {
  const preset = definition.resolve(fit.preset, fit.settings);
  const plan = planEmbedding(fit.levels, preset);
  const { batchSize } = simpleNetSteps(preset, fit);
  const state = totalSize(simpleNetParameters(sizesOf({ plan, preset })));
  const read = fit.levels.reduce((sum, { grid, channels }) => sum + grid ** 2 * channels, 0);
  const perImage =
    plan.grid ** 2 * (COPIES_OF_CHANNELS * plan.size + COPIES_OF_HIDDEN * preset.hidden) +
    (plan.unfold ? UNFOLDED : 1) * read;
  const patches = plan.grid ** 2;
  // Its similarities with all patches of its center, beside the tables of both.
  const centers = preset.centers === 0 ? 0 : Math.min(fit.images, preset.centers * fit.categories);
  const searched = centers === 0 ? 0 : patches * (2 * patches + 4 * plan.size);
  assertTrainingMemory(
    definition,
    COPIES_OF_STATE * state + batchSize * (perImage + searched) + 3 * centers * patches * plan.size,
    fit,
  );
}
