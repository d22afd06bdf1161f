/** @file How far a repeated version is from the first one. */
import type { ModelVersion } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { describeDifference, largestDifference } from './reproduction.ts';

const difference = (before: number | null, after: number | null) => ({
  category: null,
  metric: 'imageAuroc' as const,
  before,
  after,
});

test('undefined is no number: it counts neither as 0 nor as −1', () => {
  expect(largestDifference([])).toBe(0);
  expect(largestDifference([difference(0.9, 0.8), difference(null, 0.7)])).toBeCloseTo(0.1, 12);
  expect(largestDifference([difference(0.7, null)])).toBeNull();
});

test('a preset that has changed since is named', () => {
  const version = (number: number, preset: object) =>
    ({
      ...{ model: 'm', version: number },
      manifest: {
        method: 'padim',
        preset: 'quick',
        lineage: {},
        backbone: null,
        config: { preset },
      },
    }) as unknown as ModelVersion;
  const before = version(1, { channels: 100 });
  expect(describeDifference(before, version(2, { channels: 128 }), 0.5)).toMatch(
    /Changed in between: the preset\. The preset "quick" of padim has changed since.*version 1/,
  );
  // A setting that is newer than the first version, as it was before it was one.
  const same = version(2, { channels: 100, averagePool: false });
  expect(describeDifference(before, same, 0.5)).toMatch(
    /Changed in between: nothing that is recorded\.$/,
  );
});
