/** @file What chosen inspections are added as: by their verdict, unless somebody says otherwise. */
import type { KeptImage } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { addedChange } from './added-images.ts';

const image = (id: string, of: Partial<KeptImage> = {}): KeptImage => ({
  ...{ id, at: '', version: 1, category: 'bolt', imageScore: 0.6, threshold: 0.5 },
  ...{ predictedLabel: 'anomalous', uncertain: false, width: 1, height: 1, brightness: 0 },
  ...{ sharpness: 0, verdict: null, verdictBy: null, image: '', bytes: 1, addedTo: null },
  ...of,
});

test('a false alarm is normal, a missed defect anomalous, and whoever chooses may say otherwise', () => {
  const images = [
    image('alarm', { verdict: 'falseAlarm' }),
    image('missed', { verdict: 'missedDefect', predictedLabel: 'normal' }),
    image('unjudged'),
    image('pooled', { category: null }),
    image('said', { verdict: 'falseAlarm' }),
  ];
  const change = addedChange(images, { said: { label: 'anomalous', category: 'nut' } }, 'crack');
  const defect = { label: 'anomalous', defectType: 'crack' };
  expect(change).toEqual({
    kind: 'addInspected',
    images: [
      { inspection: 'alarm', category: 'bolt', label: 'normal' },
      { inspection: 'missed', category: 'bolt', ...defect },
      { inspection: 'unjudged', category: 'bolt', ...defect },
      { inspection: 'said', category: 'nut', ...defect },
    ],
  });
  expect(addedChange([image('pooled', { category: null })], {}, '')).toBeNull();
});
