/** @file What a field for a range makes of what is written. */
import { expect, test } from 'vitest';
import { readRangeText } from './range-text.ts';

test('nothing written is no range, and no problem', () => {
  expect(readRangeText('  ')).toEqual({ range: undefined, problem: null });
});

test('a range, with spaces around it', () => {
  expect(readRangeText(' 0..4095 ')).toEqual({ range: { low: 0, high: 4095 }, problem: null });
});

test.each(['0-4095', '9..2', 'bright'])('%s is refused with what to write', (text) => {
  const { range, problem } = readRangeText(text);
  expect(range).toBeUndefined();
  expect(problem).toContain(`"${text}"`);
  expect(problem).toContain('0..4095');
});
