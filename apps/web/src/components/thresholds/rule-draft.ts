/** @file What the form for a rule holds, and the choice or the problems that it comes to. */
import type { ThresholdChoice } from '@plumbline/contracts';

export const RULES = [
  ['adaptive-bound', 'Adaptive bound, spread and skew from all categories'],
  ['shared-spread-bound', 'Prediction bound, spread shared by the categories'],
  ['prediction-bound', 'Prediction bound (Student t)'],
  ['normal-quantile', 'Normal quantile'],
  ['empirical-quantile', 'Empirical quantile'],
] as const;

/** The fields as typed. */
export interface RuleDraft {
  readonly rule: string;
  /** The false-alarm target, percent. */
  readonly target: string;
  /** Percent; empty for no uncertain band. */
  readonly uncertain: string;
  readonly scope: 'category' | 'pooled';
}

export interface CheckedRule {
  /** Null when a field is at fault. */
  readonly choice: ThresholdChoice | null;
  readonly targetProblem: string | null;
  readonly bandProblem: string | null;
}

export const FIRST_DRAFT: RuleDraft = {
  rule: RULES[0][0],
  target: '1',
  uncertain: '',
  scope: 'category',
};

export function checkRule({ rule, target, uncertain, scope }: RuleDraft): CheckedRule {
  const falseAlarmTarget = shareOf(target);
  const uncertainTarget = uncertain.trim() === '' ? undefined : shareOf(uncertain);
  const bandProblem = problemOfBand(falseAlarmTarget, uncertainTarget);
  if (falseAlarmTarget === null)
    return { choice: null, targetProblem: 'Give a percentage between 0 and 100.', bandProblem };
  const band = typeof uncertainTarget === 'number' ? { uncertainTarget } : {};
  return {
    choice:
      bandProblem === null
        ? { by: 'rule', rule, falseAlarmTarget, scope, note: '', ...band }
        : null,
    targetProblem: null,
    bandProblem,
  };
}

function problemOfBand(target: number | null, uncertain: number | null | undefined): string | null {
  if (uncertain === null) return 'Give a percentage between 0 and 100, or leave this empty.';
  if (uncertain === undefined || target === null || uncertain > target) return null;
  return 'Give more than the false-alarm target.';
}

/** A percentage as a share in (0, 1); null when it is none. */
function shareOf(percent: string): number | null {
  const share = Number(percent.replace(',', '.')) / 100;
  return percent.trim() !== '' && share > 0 && share < 1 ? share : null;
}
