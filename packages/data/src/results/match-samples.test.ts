/** @file Rows and samples: one row a test sample, and every mismatch named. */
import { DomainError, type Sample } from '@plumbline/contracts';
import { describe, expect, test } from 'vitest';
import { resizeMapBilinear } from './float-map.ts';
import { matchSamples } from './match-samples.ts';

function sample(path: string): Sample {
  const [category = '', split = '', kind = ''] = path.split('/');
  return {
    path,
    category,
    split: split === 'train' ? 'train' : 'test',
    label: kind === 'good' ? 'normal' : 'anomalous',
    defectType: kind === 'good' ? null : kind,
    image: { sha256: '0'.repeat(64), bytes: 1, width: 1, height: 1, format: 'png' },
    mask: null,
  };
}

const GOOD = 'bolt/test/good/0.png';
const BAD = 'bolt/test/scratch/0.png';
const samples = ['bolt/train/good/0.png', GOOD, BAD].map(sample);
const row = (path: string, score = 1, where = 'row 0') => ({ path, score, where });

function refusal(rows: Parameters<typeof matchSamples>[0]): DomainError {
  try {
    matchSamples(rows, samples);
  } catch (error) {
    if (error instanceof DomainError && error.fix !== null) return error;
    throw error;
  }
  throw new Error('They matched');
}

test('a row names its sample, from any folder further up and with either slash', () => {
  const rows = [row(`/data/mvtec/${BAD}`), row(`.\\${GOOD.replaceAll('/', '\\')}`)];
  expect([...matchSamples(rows, samples)]).toEqual([
    [BAD, 0],
    [GOOD, 1],
  ]);
});

describe('what does not match names the sample', () => {
  test.each([
    ['a test image without a score', [row(GOOD)], BAD, /1 of the test images have no score: bolt/],
    [
      'a score that is not a number',
      [row(GOOD), row(BAD, Number.NaN)],
      BAD,
      /is NaN, not a finite/,
    ],
    ['an infinite score', [row(GOOD, Number.POSITIVE_INFINITY), row(BAD)], GOOD, /is Infinity/],
    ['two rows', [row(GOOD), row(BAD), row(GOOD, 2, 'row 2')], GOOD, /twice: row 0 and row 2/],
    [
      'a training image',
      [row('bolt/train/good/0.png')],
      'bolt/train/good/0.png',
      /of the train split/,
    ],
    [
      'a category that the dataset lacks',
      [row('nut/test/good/0.png')],
      'nut/test/good/0.png',
      /belongs to no category of the dataset/,
    ],
    [
      'an image that the dataset lacks',
      [row('bolt/test/good/9.png')],
      'bolt/test/good/9.png',
      /has no image bolt\/test\/good\/9\.png/,
    ],
  ])('%s', (_what, rows, file, message) => {
    const error = refusal(rows);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', file });
    expect(error.message).toMatch(message);
  });

  test('the fix for an unknown category lists those that there are', () => {
    expect(refusal([row('nut/test/good/0.png')]).fix).toContain('Its categories are bolt;');
  });
});

test('a map is resized bilinearly over half-pixel centers', () => {
  const map = { height: 1, width: 2, data: Float32Array.of(0, 8) };
  // Centers of four pixels lie at -0.25, 0.25, 0.75 and 1.25 of the two: 0, 2, 6 and 8.
  expect([...resizeMapBilinear(map, 2, 4).data]).toEqual([0, 2, 6, 8, 0, 2, 6, 8]);
  expect(resizeMapBilinear(map, 1, 2)).toBe(map);
  const constant = { height: 3, width: 5, data: new Float32Array(15).fill(0.1) };
  const resized = resizeMapBilinear(constant, 7, 4).data;
  expect(Math.max(...resized.map((value) => Math.abs(value - Math.fround(0.1))))).toBeLessThan(
    1e-7,
  );
});
