/** @file The reasons of a board: those that evaluators stored; of older versions, from their test images. */
import {
  ALL_METRIC_NAMES,
  byMetric,
  CORE_METRIC_NAMES,
  type EvaluationReport,
  type ImageResult,
  type MetricName,
  type ModelVersion,
  type UndefinedCodes,
} from '@plumbline/contracts';
import { expect, test } from 'vitest';
import { testManifest } from '../testing/test-manifest.ts';
import { toRow } from './to-row.ts';
import { undefinedReasons } from './undefined-reasons.ts';

function version(evaluation: Partial<EvaluationReport> | null): ModelVersion {
  const manifest = testManifest({
    model: 'm',
    run: 'r',
    dataset: 'd',
    datasetVersion: 'v1-aaaaaaaaaaaa',
    datasetHash: 'a'.repeat(64),
    files: [],
    imageAuroc: 0.9,
  });
  const report: EvaluationReport = {
    pixelMethod: 'exact',
    definedOver: byMetric(ALL_METRIC_NAMES, () => 1),
    pooled: {
      imageAuroc: 0.9,
      imageAp: 0.9,
      imageF1Max: 0.9,
      meanF1AtPooledThreshold: 0.9,
      calibrationGap: 0,
    },
    intervals: { confidence: 0.95, resamples: 0, seed: 0, mean: {}, categories: {} },
    checks: [],
    ...evaluation,
  };
  return {
    model: 'm',
    version: 1,
    promoted: false,
    createdAt: '2026-01-01T00:00:00.000Z',
    sizeBytes: 1,
    bundleHash: 'b'.repeat(64),
    thresholdProfile: 1,
    manifest: { ...manifest, ...(evaluation === null ? {} : { evaluation: report }) },
  };
}

/** `part` of the test manifest defines neither pixelF1Max nor any AUPRO, IoU-max or AUPIMO. */
function reasonsOf(versions: readonly ModelVersion[], images: readonly ImageResult[] = []) {
  const all = new Map(versions.map((one) => [one, [...images]]));
  const reasons = undefinedReasons(versions, all);
  return Object.fromEntries(reasons.map(({ reason, metrics }) => [reason, metrics]));
}

function stored(codes: UndefinedCodes) {
  return version({ undefinedCodes: { categories: { part: codes }, pooled: {} } });
}

const image = (label: ImageResult['label']): ImageResult => ({
  path: label,
  category: 'part',
  label,
  defectType: null,
  sha256: 'c'.repeat(64),
  imageScore: 0,
});

test('the stored reason is said, not what the images suggest', () => {
  const codes: UndefinedCodes = { pixelF1Max: 'no-anomalous-pixel', aupro30: 'no-normal-pixel' };
  expect(reasonsOf([stored(codes)])).toEqual({
    'no anomalous pixel in the masks': ['pixelF1Max'],
    'no normal pixel': ['aupro30'],
  });
});

test('a version without reasons is explained by its test images', () => {
  const missing: MetricName[] = ['pixelF1Max', 'aupro30'];
  expect(reasonsOf([version(null)], [image('normal'), image('anomalous')])).toEqual({
    'no masks': missing,
  });
  expect(reasonsOf([version(null)], [image('normal')])).toEqual({
    'no anomalous test image': missing,
  });
});

test('a metric that nobody computed is not called undefined; one that somebody computed has their reason', () => {
  const old = version({ definedOver: byMetric(CORE_METRIC_NAMES, () => 1) });
  expect(Object.values(reasonsOf([old])).flat()).not.toContain('aupimo');
  const codes: UndefinedCodes = { aupimo: 'no-normal-image' };
  expect(reasonsOf([old, stored(codes)])['no normal test image']).toEqual(['aupimo']);
});

test('a row counts categories of the metrics that its version computed, and no others', () => {
  const { definedOver } = toRow(version(null), null);
  expect(Object.keys(definedOver)).toEqual([...CORE_METRIC_NAMES]);
  expect(definedOver).toMatchObject({ imageAuroc: 1, aupro30: 0 });
});
