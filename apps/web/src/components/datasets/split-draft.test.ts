/** @file What a written split asks for, and what is wrong with one. */
import { expect, it } from 'vitest';
import { checkSplit } from './split-draft.ts';

it('asks for nothing, a share, or a share by groups', () => {
  expect(checkSplit({ testShare: '', groupBy: '' }).split).toEqual({});
  expect(checkSplit({ testShare: '0,2', groupBy: '' }).split).toEqual({
    split: { testShare: 0.2 },
  });
  expect(checkSplit({ testShare: '0.1', groupBy: 'lot(\\d+)' })).toEqual({
    split: { split: { testShare: 0.1, groupBy: 'lot(\\d+)' } },
    problems: { share: null, group: null },
  });
});

it.each([
  ['20', '', 'share'],
  ['a fifth', '', 'share'],
  ['', 'lot(\\d+)', 'share'],
  ['0.2', 'lot\\d+', 'group'],
  ['0.2', '(lot', 'group'],
] as const)('%s by %s: the %s is wrong', (testShare, groupBy, field) => {
  const { split, problems } = checkSplit({ testShare, groupBy });
  expect(split).toEqual({});
  const other = field === 'share' ? 'group' : 'share';
  expect([problems[field], problems[other]]).toEqual([expect.any(String), null]);
});
