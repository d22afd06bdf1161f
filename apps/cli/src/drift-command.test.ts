/** @file What `plumb models drift` prints. */
import type { ModelMonitoring } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { describeDrift } from './drift-command.ts';

const monitoring: ModelMonitoring = {
  ...{ model: 'parts', version: 3, promoted: true, window: { inspections: 500, days: 7 } },
  ...{ drift: [], events: [], verdicts: [] },
};

test('not checked yet: how to', () => {
  expect(describeDrift(monitoring)).toMatch(/^parts version 3, .*--check does it now\.$/);
});

test('states in words, numbers, and how many images are missing', () => {
  const feature = { reference: 'heldOut', referenceMedian: 1, median: 2 } as const;
  const text = describeDrift({
    ...monitoring,
    drift: [
      {
        ...{ category: 'screw', state: 'drifted', since: '', checkedAt: '' },
        features: [
          {
            ...{ ...feature, feature: 'score', state: 'drifted', psi: 0.314, ks: 0.52 },
            ...{ pValue: 1.26e-9, referenceImages: 40, images: 500 },
            missing: { reference: 0, inspections: 0 },
          },
          {
            ...{ ...feature, feature: 'size', state: 'notEnough', psi: null, ks: null },
            ...{ pValue: null, referenceImages: 12, images: 30 },
            missing: { reference: 8, inspections: 20 },
          },
        ],
      },
    ],
  });
  expect(text).toMatch(/screw\s.*drifted\s.*score\s.*0\.31\s.*0\.52\s.*1\.3e-9\s.*40\s.*500/);
  expect(text).toMatch(/size\s.*not enough images yet\s.*12, 8 missing\s.*30, 20 missing/);
});
