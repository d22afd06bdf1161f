import { expect, test } from 'vitest';
import { checkRule, FIRST_DRAFT } from './rule-draft.ts';

test('percentages become shares; without a band none is asked for', () => {
  expect(checkRule({ ...FIRST_DRAFT, target: '2,5' })).toEqual({
    choice: {
      by: 'rule',
      rule: 'adaptive-bound',
      falseAlarmTarget: 0.025,
      scope: 'category',
      note: '',
    },
    targetProblem: null,
    bandProblem: null,
  });
  expect(checkRule({ ...FIRST_DRAFT, uncertain: '10' }).choice).toMatchObject({
    uncertainTarget: 0.1,
  });
});

test('a target that is no percentage is at fault, the band beside it is not', () => {
  for (const target of ['', '0', '100', 'one'])
    expect(checkRule({ ...FIRST_DRAFT, target, uncertain: '10' })).toEqual({
      choice: null,
      targetProblem: 'Give a percentage between 0 and 100.',
      bandProblem: null,
    });
});

test.each([
  ['1', 'Give more than the false-alarm target.'],
  ['x', 'Give a percentage between 0 and 100, or leave this empty.'],
])('a band of “%s” is at fault', (uncertain, problem) => {
  expect(checkRule({ ...FIRST_DRAFT, uncertain })).toEqual({
    choice: null,
    targetProblem: null,
    bandProblem: problem,
  });
});
