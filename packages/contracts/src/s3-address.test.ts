/** @file Which addresses of buckets are taken, and what is in which. */
import { expect, test } from 'vitest';
import { isInS3, parseS3Path, requireS3Path, s3PathOf } from './s3-address.ts';

test.each([
  ['s3://parts', { bucket: 'parts', prefix: '' }],
  ['s3://parts/', { bucket: 'parts', prefix: '' }],
  ['s3://my.parts-3/line 3/Prüfling', { bucket: 'my.parts-3', prefix: 'line 3/Prüfling/' }],
  ['s3://parts/...and so on/', { bucket: 'parts', prefix: '...and so on/' }],
])('takes %s', (path, address) => {
  expect(parseS3Path(path)).toEqual(address);
  expect(parseS3Path(s3PathOf(address))).toEqual(address);
});

test.each([
  'parts',
  '/s3://parts',
  'S3://parts',
  's3:/parts',
  's3://',
  's3://Parts',
  's3://parts_3',
])('refuses what is no bucket: %s', (path) => {
  expect(parseS3Path(path)).toBeNull();
});

test.each(['../x', 'a/../b', './a', 'a//b', '/a', 'a\\..\\b', 'a\u0000b', 'a//'])(
  'refuses a prefix that could be read otherwise: %j',
  (prefix) => {
    expect(() => requireS3Path(`s3://parts/${prefix}`, 'source.path')).toThrow(
      'is no address of a bucket',
    );
  },
);

test('a prefix is in those that it begins with, by whole names', () => {
  const isIn = (outer: string, inner: string) =>
    isInS3(requireS3Path(outer, 'a'), requireS3Path(inner, 'b'));
  expect(isIn('s3://parts', 's3://parts/line')).toBe(true);
  expect(isIn('s3://parts/line', 's3://parts/line/3')).toBe(true);
  expect(isIn('s3://parts/line', 's3://parts/line-3')).toBe(false);
  expect(isIn('s3://parts/line', 's3://parts')).toBe(false);
  expect(isIn('s3://parts', 's3://parts-3')).toBe(false);
});
