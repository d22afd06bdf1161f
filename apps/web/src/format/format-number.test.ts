/** @file Tests of the numbers people read. */
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatMetric,
  formatMilliseconds,
  formatPlural,
  formatScore,
  formatShare,
} from './format-number.ts';

describe('formatMetric', () => {
  it('writes percent with one decimal', () => {
    expect(formatMetric(0.98765)).toBe('98.8');
    expect(formatMetric(1)).toBe('100.0');
    expect(formatMetric(0)).toBe('0.0');
  });
  it('never writes an undefined metric as zero', () => {
    expect(formatMetric(null)).toBe('undefined');
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [4_200_000, '4.2 MB'],
    [986_000_000, '986 MB'],
    [999_600, '1.0 MB'],
    [2_500_000_000, '2.5 GB'],
  ])('%d is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('formatScore', () => {
  it.each([
    [0, '0'],
    [0.123456, '0.1235'],
    [12.3456, '12.35'],
    [1234.5, '1235'],
    [0.0000123, '1.230e-5'],
    [-2.71234, '-2.712'],
  ])('%d is %s', (value, text) => expect(formatScore(value)).toBe(text));
});

describe('counts, shares and milliseconds', () => {
  it('groups and inflects', () => {
    expect(formatCount(12345)).toBe('12,345');
    expect(formatPlural(1, 'image')).toBe('1 image');
    expect(formatPlural(0, 'category', 'categories')).toBe('0 categories');
  });
  it('keeps a decimal only for small shares', () => {
    expect(formatShare(0.004)).toBe('0.4 %');
    expect(formatShare(0.25)).toBe('25 %');
    expect(formatShare(0)).toBe('0 %');
  });
  it('changes to seconds', () => {
    expect(formatMilliseconds(7.25)).toBe('7.3 ms');
    expect(formatMilliseconds(142.4)).toBe('142 ms');
    expect(formatMilliseconds(2400)).toBe('2.4 s');
  });
});
