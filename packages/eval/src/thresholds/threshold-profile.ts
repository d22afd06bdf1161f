/** @file Threshold profiles: per category and pooled, from held-out normal scores alone, by a rule with a name. */
import {
  DomainError,
  lookUp,
  type NormalScores,
  type Threshold,
  type ThresholdProfile,
} from '@plumbline/contracts';
import { withSimulatedRates } from './simulated-rate.ts';
import { assertHeldOutScores, assertTarget, DEFAULT_FALSE_ALARM_TARGET } from './threshold.ts';
import {
  cutsByRule,
  DEFAULT_THRESHOLD_RULE,
  type HeldOutScores,
  type ThresholdRuleName,
  thresholdRuleWords,
} from './threshold-rules.ts';

export interface ThresholdOptions {
  /** Default `adaptive-bound`. */
  readonly rule?: ThresholdRuleName;
  /** Chance that a further normal image is called anomalous, in (0, 1). Default 0.01. */
  readonly falseAlarmTarget?: number;
  /** Larger than `falseAlarmTarget`: the target of the lower end of the uncertain band. No band without. */
  readonly uncertainTarget?: number;
  /** `category`: each its own thresholds (default); `pooled`: the pooled ones for all. */
  readonly scope?: 'category' | 'pooled';
  /** How the scores came about, for the rule's words. Default `heldOut`. */
  readonly scoresFrom?: NormalScores | undefined;
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
    const upper = cutsByRule(rule, groups, target);
    const lower = uncertainTarget === undefined ? {} : cutsByRule(rule, groups, uncertainTarget);
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
    rule: wordsOf(rule, target, options),
    pooled,
    categories: Object.fromEntries(
      Object.keys(heldOutScores).map((name) => [name, byCategory.get(name) ?? pooled]),
    ),
  };
}

/**
 * The profile that a rule gives for the held-out scores of an existing one. Pixel thresholds stay: a profile does not
 * keep what they were fitted on. A category without scores, whose threshold was set by hand, takes the pooled one again.
 */
export function refitProfile(
  profile: ThresholdProfile,
  options: ThresholdOptions,
): ThresholdProfile {
  const scores = Object.fromEntries(
    Object.entries(profile.categories)
      .map(([name, { heldOutScores }]) => [name, heldOutScores] as const)
      .filter(([, own]) => own.length > 0),
  );
  const own = { ...options, scoresFrom: profile.scoresFrom };
  return toProfile(fitCuts(scores, own), own, (name) => {
    const { pixelThreshold, heldOutScores } =
      (name === null ? undefined : lookUp(profile.categories, name)) ?? profile.pooled;
    return { pixelThreshold, heldOutScores };
  });
}

/** What a threshold has besides its cuts; null asks for the pooled one. */
type RestOfThreshold = (
  category: string | null,
) => Pick<Threshold, 'pixelThreshold' | 'heldOutScores'>;

/** The profile of cuts, with the false-alarm rates that they give in simulations. */
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
  return withSimulatedRates({
    rule: cuts.rule,
    falseAlarmTarget: options.falseAlarmTarget ?? DEFAULT_FALSE_ALARM_TARGET,
    ...(options.uncertainTarget === undefined ? {} : { uncertainTarget: options.uncertainTarget }),
    ...(options.scoresFrom === undefined ? {} : { scoresFrom: options.scoresFrom }),
    pooled: threshold(null, cuts.pooled),
    categories: Object.fromEntries(
      Object.entries(cuts.categories).map(([name, each]) => [name, threshold(name, each)]),
    ),
  });
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

const SCORES_IN_WORDS: Readonly<Record<NormalScores, string>> = {
  heldOut: '',
  crossFit:
    ' The held-out scores are those of all normal training images, each by a fit without it.',
};

function wordsOf(
  rule: ThresholdRuleName,
  target: number,
  { uncertainTarget, scope, scoresFrom = 'heldOut' }: ThresholdOptions,
): string {
  const base = `${thresholdRuleWords(rule, target)}${SCORES_IN_WORDS[scoresFrom]}`;
  const band =
    uncertainTarget === undefined
      ? ''
      : ` Uncertain from the same rule's cut at ${uncertainTarget} on.`;
  const where = scope === 'pooled' ? ' One threshold for all categories.' : '';
  return `${base}${where}${band}`;
}
