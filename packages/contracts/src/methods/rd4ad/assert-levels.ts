/** @file Refuses levels that can't be rebuilt one from another, saying what to choose instead. */
import { DomainError } from '../../errors.ts';
import type { FeatureLevel } from '../../training/feature-level.ts';
import type { GivenSettings } from '../method.ts';

/** With half of it each channel still has four places to normalize over, whatever the batch. */
const SMALLEST_GRID = 4;

/** @param title Of the method. @throws DomainError when a level is not on half the grid of the one before it, or there is no half of the coarsest. */
export function assertHalvingLevels(
  title: string,
  levels: readonly FeatureLevel[],
  given: GivenSettings,
): void {
  const grids = levels.map(({ grid }) => grid).sort((a, b) => b - a);
  const coarsest = grids.at(-1) ?? 0;
  const halve = grids.every((grid, place) => place === 0 || 2 * grid === grids[place - 1]);
  if (halve && coarsest % 2 === 0 && coarsest >= SMALLEST_GRID) return;
  const sides = grids.map((grid) => `${grid}×${grid}`).join(', ');
  throw new DomainError(
    'INVALID_INPUT',
    `${title} needs feature taps whose grids halve from one to the next, and at least ${SMALLEST_GRID}×${SMALLEST_GRID} patches at the coarsest; these have ${sides}.`,
    {
      field: given['strides'] === undefined ? 'featureTaps' : 'settings.strides',
      fix: 'Choose taps of strides 4, 8 and 16 of a convolutional backbone, or a larger image size. "plumb backbones list" names them.',
    },
  );
}
