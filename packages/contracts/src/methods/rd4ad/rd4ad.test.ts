/** @file What RD4AD costs, and which levels it takes. */
import { describe, expect, it } from 'vitest';
import type { FeatureLevel } from '../../training/feature-level.ts';
import { batchedSteps } from '../../training/step-budget.ts';
import { rd4ad } from './rd4ad.ts';

const levelsOn = (grids: readonly number[]): FeatureLevel[] =>
  grids.map((grid) => ({ tap: `${grid}`, grid, channels: 8 }));

describe('what RD4AD costs', () => {
  it('grows with the grids and with the steps', () => {
    const costOn = (grids: readonly number[], maxSteps?: number) =>
      rd4ad.cost(rd4ad.resolve('quick'), {
        ...{ levels: levelsOn(grids), images: 40, categoryImages: [20, 20], folded: 0, maxSteps },
      });
    const [small, large] = [costOn([32, 16, 8]), costOn([64, 32, 16])];
    expect(large.scoreSeconds / small.scoreSeconds).toBeCloseTo(4, 5);
    const secondsOf = ({ parts }: typeof small) => parts[0]?.expectedSeconds ?? 0;
    // The optimizer's part is the same.
    expect(secondsOf(large) / secondsOf(small)).toBeGreaterThan(1);
    expect(secondsOf(large) / secondsOf(small)).toBeLessThan(4);
    const { stepsPerCategory } = rd4ad.resolve('quick');
    expect(small.parts[0]?.units).toBe(2 * stepsPerCategory);
    expect(secondsOf(small) / secondsOf(costOn([32, 16, 8], 10))).toBeCloseTo(stepsPerCategory / 5);
  });

  it('takes the released number of passes in batches of 16, or of all images where there are fewer', () => {
    const paper = rd4ad.resolve('paper');
    expect(batchedSteps(paper, { images: 160, categories: 3 })).toEqual({
      ...{ batchSize: 16, steps: 2000 },
    });
    expect(batchedSteps(paper, { images: 3, categories: 1 })).toEqual({ batchSize: 3, steps: 200 });
  });
});

describe('the levels of RD4AD', () => {
  const check = (grids: readonly number[], given = {}) =>
    rd4ad.assertLevels?.(rd4ad.resolve('quick', given), levelsOn(grids), {
      ...{ preset: 'quick', given },
    });

  it.each([
    [[16, 8, 2], {}, 'featureTaps'],
    [[16, 4], { strides: [4, 16] }, 'settings.strides'],
    [[4, 2], {}, 'featureTaps'],
    [[16, 16], {}, 'featureTaps'],
    [[14, 7], {}, 'featureTaps'],
  ])('may not lie on grids of %j: refused by the field at fault', (grids, given, field) => {
    expect(() => check(grids, given)).toThrow(expect.objectContaining({ field }));
  });

  it.each([[[16]], [[8, 32, 16]], [[32, 16, 8, 4]]])('may lie on grids of %j', (grids) => {
    expect(() => check(grids)).not.toThrow();
  });
});
