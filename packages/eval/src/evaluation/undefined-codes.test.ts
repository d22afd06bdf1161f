/** @file The evaluator says why each metric is undefined, whatever a category lacks. */
import {
  ALL_METRIC_NAMES,
  byMetric,
  evaluationReportSchema,
  IMAGE_METRIC_NAMES,
  PIXEL_METRIC_NAMES,
} from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import { Evaluator, evaluationReport, type ScoredImage } from '../index.ts';

const size = { height: 1, width: 2 };

function image(path: string, changes: Partial<ScoredImage> = {}): ScoredImage {
  const anomalyMap = Float32Array.of(0, 0.5);
  return {
    path,
    category: 'nut',
    label: 'normal',
    imageScore: 0.5,
    anomalyMap,
    mask: null,
    ...changes,
  };
}

const NORMAL = image('normal');
const UNMASKED = image('unmasked', { label: 'anomalous' });
const EMPTY = image('empty', { label: 'anomalous', mask: Uint8Array.of(0, 0) });
const HALF = image('half', { label: 'anomalous', mask: Uint8Array.of(1, 0) });
const FULL = image('full', { label: 'anomalous', mask: Uint8Array.of(1, 1) });
const KINDS = [NORMAL, UNMASKED, EMPTY, HALF, FULL];

function evaluate(images: readonly ScoredImage[]) {
  const evaluator = new Evaluator(size, { resamples: 0 });
  for (const one of images) evaluator.add(one);
  return evaluator.evaluate();
}

const all = (names: typeof ALL_METRIC_NAMES, code: string) => byMetric(names, () => code);

describe('of a category', () => {
  const cases: [string, ScoredImage[], object][] = [
    ['only normal images', [NORMAL], all(ALL_METRIC_NAMES, 'no-anomalous-image')],
    ['no mask', [NORMAL, UNMASKED], all(PIXEL_METRIC_NAMES, 'no-mask')],
    ['an empty mask', [NORMAL, EMPTY], all(PIXEL_METRIC_NAMES, 'no-anomalous-pixel')],
    [
      'no normal image',
      [HALF],
      { ...all(IMAGE_METRIC_NAMES, 'no-normal-image'), aupimo: 'no-normal-image' },
    ],
    [
      'nothing normal at all',
      [FULL],
      {
        ...all(PIXEL_METRIC_NAMES, 'no-normal-pixel'),
        ...all(IMAGE_METRIC_NAMES, 'no-normal-image'),
        aupimo: 'no-normal-image',
      },
    ],
    ['everything there, but in two pixels', [NORMAL, HALF], { aupimo: 'too-few-normal-pixels' }],
  ];
  test.each(cases)('%s', (_, images, codes) => {
    const { undefinedCodes } = evaluate(images);
    expect(undefinedCodes.categories).toEqual({ nut: codes });
  });

  test('everything there', () => {
    const evaluator = new Evaluator({ height: 100, width: 100 }, { resamples: 0 });
    const anomalyMap = new Float32Array(10_000);
    const mask = new Uint8Array(10_000).fill(1, 0, 50);
    evaluator.add({ ...NORMAL, anomalyMap });
    evaluator.add({ ...HALF, anomalyMap, mask });
    expect(evaluator.evaluate().undefinedCodes.categories).toEqual({ nut: {} });
  });

  test('exactly the undefined metrics have a reason, whatever images there are', () => {
    for (let chosen = 1; chosen < 2 ** KINDS.length; chosen += 1) {
      const images = KINDS.filter((_, kind) => (chosen & (1 << kind)) !== 0);
      const { categories, undefinedCodes } = evaluate(images);
      const missing = ALL_METRIC_NAMES.filter((metric) => categories['nut']?.[metric] === null);
      const names = images.map(({ path }) => path).join(' ');
      expect(Object.keys(undefinedCodes.categories['nut'] ?? {}), names).toEqual(missing);
    }
  });
});

test('over all categories the image metrics lack only what no category has', () => {
  const other = image('a', { category: 'bolt', label: 'anomalous' });
  expect(evaluate([NORMAL]).undefinedCodes.pooled).toEqual(
    all(IMAGE_METRIC_NAMES, 'no-anomalous-image'),
  );
  expect(evaluate([NORMAL, other]).undefinedCodes.pooled).toEqual({});
});

test('the report stores the reasons', () => {
  const report = evaluationReport(evaluate([NORMAL]), []);
  expect(evaluationReportSchema.parse(report)).toEqual(report);
  expect(report.undefinedCodes?.categories['nut']?.imageAp).toBe('no-anomalous-image');
});
