import { expect, it } from 'vitest';
import { duration, megabytes, percent, table } from './output.ts';

it('shows an undefined metric as undefined, never as zero', () => {
  expect(percent(null)).toBe('undefined');
  expect(percent(0)).toBe('0.0');
  expect(percent(0.9954)).toBe('99.5');
});

it('says durations and sizes as people do', () => {
  expect(duration(12.4)).toBe('12 s');
  expect(duration(125)).toBe('2 min 5 s');
  expect(duration(5400)).toBe('1.5 h');
  expect(megabytes(11_200_000)).toBe('11.2 MB');
});

it('draws a row a row', () => {
  expect(
    table(
      ['name', 'n'],
      [
        ['a', 1],
        ['b', 22],
      ],
    ).split('\n'),
  ).toHaveLength(6);
});
