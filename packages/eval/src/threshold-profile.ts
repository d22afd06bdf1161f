/** @file Threshold profiles: per category and pooled, from held-out normal scores alone, by a rule with a name. */
import { DomainError, lookUp, type Threshold, type ThresholdProfile } from '@plumbline/contracts';
import { assertHeldOutScores, assertTarget, DEFAULT_FALSE_ALARM_TARGET } from './threshold.ts';
import {
  cutsByRule,
  DEFAULT_THRESHOLD_RULE,
  type HeldOutScores,
  type ThresholdRuleName,
  thresholdRuleWords,
} from './threshold-rules.ts';

export interface ThresholdOptions {
  /** Default `shared-spread-bound`. */
  readonly rule?: ThresholdRuleName;
  /** Chance that a further normal image is called anomalous, in (0, 1). Default 0.01. */
  readonly falseAlarmTarget?: number;
  /** Larger than `falseAlarmTarget`: the target of the lower end of the uncertain band. No band without. */
  readonly uncertainTarget?: number;
  /** `category`: each its own thresholds (default); `pooled`: the pooled ones for all. */
  readonly scope?: 'category' | 'pooled';
}

/** Cuts on a score, `>=`: anomalous from `threshold` on, uncertain from `uncertainThreshold` on. */
export interface Cuts {
  readonly threshold: number;
  /** Below `threshold`; absent without an uncertain band. */
  readonly uncertainThreshold?: number;
}

export interface FittedCuts {
  /** In words. */
  readonly rule: string;
  readonly pooled: Cuts;
  readonly categories: Readonly<Record<string, Cuts>>;
}

/**
 * Thresholds of each category, and pooled over all of them.
 *
 * @param heldOutScores scores of normal images that no training step saw, by category, any scale, at least one each
 * @throws DomainError INVALID_INPUT naming the category without usable scores, or the target that makes no sense
 */
export function fitCuts(heldOutScores: HeldOutScores, options: ThresholdOptions = {}): FittedCuts {
  const { rule = DEFAULT_THRESHOLD_RULE, scope = 'category', uncertainTarget } = options;
  const target = options.falseAlarmTarget ?? DEFAULT_FALSE_ALARM_TARGET;
  assertTargets(target, uncertainTarget);
  for (const [name, scores] of Object.entries(heldOutScores)) {
    assertHeldOutScores(scores, ` of category ${name}`);
  }
  const everything = Object.values(heldOutScores).flat();
  assertHeldOutScores(everything);
  const cutsOf = (groups: HeldOutScores): Map<string, Cuts> => {
    const upper = cutsByRule(rule, groups, target, true);
    const lower =
      uncertainTarget === undefined ? {} : cutsByRule(rule, groups, uncertainTarget, false);
    return new Map(
      Object.entries(upper).map(([name, threshold]) => [
        name,
        toCuts(threshold, lookUp(lower, name)),
      ]),
    );
  };
  const pooled = cutsOf({ all: everything }).get('all');
  if (pooled === undefined) throw new Error('The pooled group has no cuts');
  const byCategory = scope === 'pooled' ? new Map<string, Cuts>() : cutsOf(heldOutScores);
  return {
    rule: wordsOf(rule, target, uncertainTarget, scope),
    pooled,
    categories: Object.fromEntries(
      Object.keys(heldOutScores).map((name) => [name, byCategory.get(name) ?? pooled]),
    ),
  };
}

/**
 * The profile that a rule gives for the held-out scores of an existing one. Pixel thresholds stay: a profile does not
 * keep what they were fitted on.
 */
export function refitProfile(
  profile: ThresholdProfile,
  options: ThresholdOptions,
): ThresholdProfile {
  const names = Object.keys(profile.categories);
  const scores = Object.fromEntries(
    names.map((name) => [name, lookUp(profile.categories, name)?.heldOutScores ?? []]),
  );
  const cuts = fitCuts(scores, options);
  return toProfile(cuts, options, (name) => {
    const { pixelThreshold, heldOutScores } =
      (name === null ? undefined : lookUp(profile.categories, name)) ?? profile.pooled;
    return { pixelThreshold, heldOutScores };
  });
}

/** What a threshold has besides its cuts; null asks for the pooled one. */
type RestOfThreshold = (
  category: string | null,
) => Pick<Threshold, 'pixelThreshold' | 'heldOutScores'>;

export function toProfile(
  cuts: FittedCuts,
  options: ThresholdOptions,
  rest: RestOfThreshold,
): ThresholdProfile {
  const threshold = (category: string | null, { threshold, uncertainThreshold }: Cuts) => ({
    imageThreshold: threshold,
    ...(uncertainThreshold === undefined ? {} : { uncertainThreshold }),
    ...rest(category),
  });
  return {
    rule: cuts.rule,
    falseAlarmTarget: options.falseAlarmTarget ?? DEFAULT_FALSE_ALARM_TARGET,
    ...(options.uncertainTarget === undefined ? {} : { uncertainTarget: options.uncertainTarget }),
    pooled: threshold(null, cuts.pooled),
    categories: Object.fromEntries(
      Object.entries(cuts.categories).map(([name, each]) => [name, threshold(name, each)]),
    ),
  };
}

function toCuts(threshold: number, lower: number | undefined): Cuts {
  if (lower === undefined || lower >= threshold) return { threshold };
  return { threshold, uncertainThreshold: lower };
}

function assertTargets(target: number, uncertain: number | undefined): void {
  assertTarget(target, 'falseAlarmTarget');
  if (uncertain === undefined) return;
  assertTarget(uncertain, 'uncertainTarget');
  if (uncertain > target) return;
  throw new DomainError(
    'INVALID_INPUT',
    `The target of the uncertain band, ${uncertain}, is not above the false-alarm target, ${target}.`,
    { field: 'uncertainTarget', fix: 'Use a larger share for the uncertain band, such as 0.05.' },
  );
}

function wordsOf(
  rule: ThresholdRuleName,
  target: number,
  uncertain: number | undefined,
  scope: 'category' | 'pooled',
): string {
  const base = thresholdRuleWords(rule, target);
  const band =
    uncertain === undefined ? '' : ` Uncertain from the same rule's cut at ${uncertain} on.`;
  const where = scope === 'pooled' ? ' One threshold for all categories.' : '';
  return `${base}${where}${band}`;
}
