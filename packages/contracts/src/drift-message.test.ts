import { expect, test } from 'vitest';
import { driftMessage } from './drift-message.ts';
import { type DriftEvent, driftWebhookSchema, type FeatureDrift } from './monitoring.ts';

const OF = { id: '0b6ff4de-3f6f-4e63-9d53-5f6b1ddc1a6e', model: 'parts', version: 3 };
const EVENT: DriftEvent = {
  at: '2026-01-01T00:00:00.000Z',
  category: 'screw',
  from: 'ok',
  to: 'drifted',
  features: ['brightness', 'size'],
};
const BRIGHTNESS: FeatureDrift = {
  feature: 'brightness',
  state: 'drifted',
  psi: 0.413,
  ks: 0.5,
  pValue: 1e-9,
  reference: 'training',
  referenceImages: 100,
  referenceMedian: 120.31,
  images: 200,
  median: 88.06,
  missing: { reference: 0, inspections: 0 },
};
const SIZE: FeatureDrift = {
  ...{ ...BRIGHTNESS, feature: 'size', psi: 3, reference: 'firstInspections' },
  ...{ referenceMedian: 65_536, median: 2_000_000 },
};
const SHARPNESS: FeatureDrift = { ...BRIGHTNESS, feature: 'sharpness', state: 'warning' };
const features = [BRIGHTNESS, SIZE, SHARPNESS];

test('the message says of what, how much, from when on, and where to look', () => {
  const message = driftMessage(OF, EVENT, features);
  expect(driftWebhookSchema.parse(message)).toEqual(message);
  expect(message).toMatchObject({ type: 'drift.changed', ...OF, ...EVENT });
  expect(message.text).toBe(
    'parts version 3, category screw: drifted, before: ok. ' +
      'Brightness: PSI 0.41, limit 0.25; median 120.3 in the training images, 88.1 in the last 200 inspections. ' +
      'Size: PSI 3.00, limit 0.25; median 0.07 MP in the first inspections of the version, 2.00 MP in the last 200 inspections. ' +
      'Look at the images: /models/parts/3/monitoring of the dashboard.',
  );
  expect(message.measured.map(({ feature, limit }) => [feature, limit])).toEqual([
    ['brightness', 0.25],
    ['size', 0.25],
  ]);
});

test('what is over needs no numbers, and a warning has its own limit', () => {
  const over = { ...EVENT, category: null, from: 'warning', to: 'ok' } as const;
  expect(driftMessage(OF, over, []).text).toBe(
    'parts version 3, pooled threshold: ok, before: warning. Look at the images: /models/parts/3/monitoring of the dashboard.',
  );
  const warned: DriftEvent = { ...EVENT, to: 'warning', features: ['sharpness'] };
  expect(driftMessage(OF, warned, features).text).toContain('Sharpness: PSI 0.41, limit 0.1;');
});
