import type { ThresholdCounts } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { describe as profileText } from './threshold-commands.ts';

it('shows a category without a threshold of its own, and what few images mean', () => {
  const counts: ThresholdCounts = {
    normal: 2,
    falseAlarms: 1,
    normalInBand: 0,
    anomalous: 3,
    missed: 0,
    anomalousInBand: 0,
    defectTypes: {},
  };
  const one = (heldOutScores: number[]) => ({
    imageThreshold: 9,
    pixelThreshold: 1,
    heldOutScores,
  });
  const text = profileText(
    {
      rule: 'A rule.',
      falseAlarmTarget: 0.01,
      pooled: one([1, 2, 3]),
      categories: { nut: one([1, 2, 3]) },
    },
    { total: counts, categories: { nut: counts, constructor: counts } },
  );
  expect(text).toMatch(/constructor\s*│ as pooled\s*│ –\s*│ 0/);
  expect(text).toMatch(/Without a threshold of their own.*: constructor\./);
  expect(text).toMatch(/come from only 3 held-out images each: nut\./);
});
