/** @file Tests of the moments and durations people read. */
import { describe, expect, it } from 'vitest';
import {
  formatClock,
  formatDuration,
  formatMoment,
  formatTimeLeft,
  secondsBetween,
} from './format-time.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [4.26, '4.3 s'],
    [59.4, '59 s'],
    [60, '1 min'],
    [185, '3 min 5 s'],
    [7800, '2 h 10 min'],
    [273_600, '3 d 4 h'],
  ])('%d s is %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('formatTimeLeft', () => {
  it.each([
    [2, 'a few seconds left'],
    [41, 'about 45 s left'],
    [130, 'about 3 min left'],
    [7250, 'about 2 h 10 min left'],
  ])('%d s is %s', (seconds, text) => expect(formatTimeLeft(seconds)).toBe(text));
});

describe('moments', () => {
  it('are in UTC', () => {
    expect(formatMoment('2026-11-24T12:58:07.123Z')).toBe('24 Nov 2026, 12:58 UTC');
    expect(formatClock('2026-11-24T12:58:07.123Z')).toBe('12:58:07');
    expect(formatMoment('soon')).toBe('soon');
  });
  it('give the seconds between, or until now', () => {
    const start = '2026-11-24T12:00:00Z';
    expect(secondsBetween(start, '2026-11-24T12:01:30Z', 0)).toBe(90);
    expect(secondsBetween(start, null, Date.parse(start) + 5000)).toBe(5);
  });
});
