import { type Run, type RunResult, UNDEFINED_METRICS } from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { describeReport } from './run-report.ts';

const run: Run = {
  id: 'r1',
  dataset: 'parts',
  datasetVersion: 'v1-0',
  method: 'patchcore',
  preset: 'quick',
  backbone: '/somewhere/resnet18.onnx',
  seed: 0,
  model: 'parts-patchcore',
  modelVersion: 2,
  status: 'succeeded',
  stage: 'done',
  progress: 1,
  etaSeconds: null,
  message: 'Published parts-patchcore version 2.',
  error: null,
  cancelRequested: false,
  attempts: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  finishedAt: null,
};
const result: RunResult = {
  run: 'r1',
  model: 'parts-patchcore',
  modelVersion: 2,
  promoted: false,
  promotedVersion: 1,
  dataset: 'parts',
  datasetVersion: 'v1-0',
  protocol: 'plumbline-256',
  protocolKey: 'plumbline-256-0',
  mean: { ...UNDEFINED_METRICS, imageAuroc: 0.9, pixelAuroc: 0.8 },
  barred: null,
  rows: 3,
  place: 2,
  best: {
    model: 'parts-rlr',
    modelVersion: 1,
    mean: { ...UNDEFINED_METRICS, imageAuroc: 0.95, imageAp: 0.5, pixelAuroc: 0.7 },
  },
  thresholdNotes: ['Thresholds that come from only 4 held-out images each: bolt.'],
  warnings: ['Category bolt has only 5 normal training images.'],
  images: [],
};

test('a run that succeeded ends with its metrics beside the best, its warnings and what to do next', () => {
  const text = describeReport({ ...run, warnings: result.warnings, result });
  expect(text).toContain(
    'place 2 of 3 by image AUROC on the leaderboard of parts v1-0 under plumbline-256',
  );
  expect(text).toMatch(/I-AUROC +│ +90\.0 +│ +95\.0 +│ +-5\.0/);
  expect(text).toMatch(/P-AUROC +│ +80\.0 +│ +70\.0 +│ +\+10\.0/);
  expect(text).toMatch(/I-AP +│ +undefined +│ +50\.0 +│ +undefined/);
  expect(text).toContain('- Category bolt has only 5 normal training images.');
  expect(text).toContain('Thresholds that come from only 4 held-out images each: bolt.');
  expect(text).toContain('parts-patchcore version 1 still answers predictions.');
  expect(text).toContain('plumb models promote parts-patchcore 2');
  expect(text).toContain('plumb predict <image> --model parts-patchcore --version 2');
});

test('the first of its board has no other beside it, and nothing to promote', () => {
  const alone = { ...result, rows: 1, place: 1, best: null, promoted: true, promotedVersion: 2 };
  const text = describeReport({ ...run, warnings: [], result: alone });
  expect(text).toContain('the first on the leaderboard of parts v1-0 under plumbline-256');
  expect(text).not.toContain('difference');
  expect(text).not.toContain('models promote');
  expect(text).not.toContain('Warnings');
});

test('a run without test images is not called the first of its board', () => {
  const nothing = {
    ...result,
    mean: UNDEFINED_METRICS,
    rows: 1,
    place: null,
    barred: null,
    best: null,
  };
  const text = describeReport({ ...run, warnings: [], result: nothing });
  expect(text).toContain('not ranked on the leaderboard of parts');
  expect(text).toContain('Not ranked: without normal and anomalous test images');
  expect(text).toContain('test/good and test/<defect type>');
});

test('a run that failed still shows its warnings', () => {
  const text = describeReport({ ...run, status: 'failed', warnings: ['Small.'], result: null });
  expect(text).toMatch(/Warnings\n- Small\.$/);
});
