/** @file What a fit of retrieval takes. */
import {
  retrieval as definition,
  retrievalBankImages,
  retrievalImageBytes,
} from '@plumbline/contracts';
import { assertMemory } from '../memory.ts';
import type { PlannedFit } from '../method.ts';
import { planRetrieval } from './plan.ts';
import { BATCH_SIZE } from './read-images.ts';

/** The bank itself, the graph that leaves images out with its session, the method's graph, the exported one being made. */
const COPIES_OF_BANK = 5;

/** @throws DomainError INVALID_INPUT when it is more than there is. */
export function assertFits({
  preset: name,
  settings,
  levels,
  images,
  folds,
  ...available
}: PlannedFit): void {
  const preset = definition.resolve(name, settings);
  const { descriptorSize } = planRetrieval(levels, preset);
  const bank = retrievalBankImages(preset, levels, images) * retrievalImageBytes(preset, levels);
  const patches = levels.reduce((sum, { grid }) => sum + grid ** 2, 0);
  const tokens = levels.reduce((sum, { grid, channels }) => sum + grid ** 2 * channels, 0);
  const products = Math.max(...levels.map(({ grid }) => Math.min(grid ** 4, 2 ** 20)));
  const scores = folds === undefined ? 0 : 4 * images * patches;
  assertMemory(
    definition,
    COPIES_OF_BANK * bank +
      4 * images * descriptorSize +
      4 * BATCH_SIZE * (3 * tokens + 2 * products) +
      scores,
    available,
  );
}
