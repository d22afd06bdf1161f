/** @file Which features PyramidFlow takes. */
import { describe, expect, it } from 'vitest';
import { pyramidflow } from './pyramidflow.ts';

describe('the features of PyramidFlow', () => {
  const check = (grids: readonly number[], given = {}) =>
    pyramidflow.assertLevels?.(
      pyramidflow.resolve('paper', given),
      grids.map((grid) => ({ tap: `${grid}`, grid, channels: 8 })),
      { preset: 'paper', given },
    );

  it.each([
    [[64, 32], {}, 'featureTaps'],
    [[36], {}, 'settings.pyramidLevels'],
    [[8], {}, 'settings.pyramidLevels'],
  ])('of grids %j are refused by the field at fault', (grids, given, field) => {
    expect(() => check(grids, given)).toThrow(expect.objectContaining({ field }));
  });

  it.each([
    [[64], {}],
    [[36], { pyramidLevels: 3 }],
    [[16], {}],
  ])('of grids %j are taken', (grids, given) => {
    expect(() => check(grids, given)).not.toThrow();
  });
});
