/** @file The rules by name that turn held-out normal scores into thresholds, and what each says in words. */
import { DomainError } from '@plumbline/contracts';
import { adaptiveBounds } from './adaptive-bound.ts';
import { sharedSpread } from './shared-spread.ts';
import { normalUpperQuantile, studentTUpperQuantile } from './student-t.ts';
import { aboveHighest, momentsOf, nextFloat32, predictionBound } from './threshold.ts';

/** In order of how few held-out images each can do with. */
export const THRESHOLD_RULES = [
  'adaptive-bound',
  'shared-spread-bound',
  'prediction-bound',
  'normal-quantile',
  'empirical-quantile',
] as const;
export type ThresholdRuleName = (typeof THRESHOLD_RULES)[number];

/** Nearest to its target over few and many held-out images, symmetric and skewed scores (`bench -- statistics`). */
export const DEFAULT_THRESHOLD_RULE: ThresholdRuleName = 'adaptive-bound';

/** Held-out normal scores by category, or of all categories under one name. */
export type HeldOutScores = Readonly<Record<string, readonly number[]>>;

/** The cut of each group of scores at a target: the chance that a further normal image reaches it. */
export function cutsByRule(
  rule: ThresholdRuleName,
  groups: HeldOutScores,
  target: number,
): Record<string, number> {
  const entries = Object.entries(groups);
  const scores = entries.map(([, own]) => own);
  const cuts =
    rule === 'adaptive-bound' ? adaptiveCuts(scores, target) : plainCuts(rule, scores, target);
  return Object.fromEntries(
    entries.map(([name, own], index) => {
      const cut = cuts[index] ?? Number.NEGATIVE_INFINITY;
      return [name, cut === Number.NEGATIVE_INFINITY ? aboveHighest(own) : cut];
    }),
  );
}

function adaptiveCuts(groups: readonly (readonly number[])[], target: number): number[] {
  return adaptiveBounds(groups, target).map((bound, index) => {
    const { mean } = momentsOf(groups[index]!);
    return bound === null ? Number.NEGATIVE_INFINITY : Math.max(bound, nextFloat32(mean));
  });
}

/** −∞ where a group has too few scores for the rule. */
function plainCuts(
  rule: Exclude<ThresholdRuleName, 'adaptive-bound'>,
  groups: readonly (readonly number[])[],
  target: number,
): number[] {
  return groups.map(cutFunction(rule, groups, target));
}

function cutFunction(
  rule: Exclude<ThresholdRuleName, 'adaptive-bound'>,
  groups: readonly (readonly number[])[],
  target: number,
): (scores: readonly number[]) => number {
  if (rule === 'prediction-bound') return (scores) => predictionBound(scores, target);
  if (rule === 'empirical-quantile') return (scores) => empiricalQuantile(scores, target);
  if (rule === 'normal-quantile') {
    const quantile = normalUpperQuantile(target);
    return (scores) => {
      const { n, mean, variance } = momentsOf(scores);
      return n === 1 ? Number.NEGATIVE_INFINITY : mean + quantile * Math.sqrt(variance);
    };
  }
  const spread = sharedSpread(groups.map(momentsOf));
  return (scores) => {
    const { n, mean, variance } = momentsOf(scores);
    const moderated = spread(variance, n - 1);
    if (moderated === null) return Number.NEGATIVE_INFINITY;
    const degrees = Math.max(1, Math.floor(moderated.degrees));
    const quantile = studentTUpperQuantile(target, degrees);
    const bound = mean + quantile * Math.sqrt(moderated.variance * (1 + 1 / n));
    return Math.max(bound, nextFloat32(mean));
  };
}

/**
 * Just above the ⌈(n + 1)(1 − target)⌉-th lowest score: exchangeable scores pass it with a chance of at most the target
 * (split conformal prediction: V. Vovk et al., "Algorithmic Learning in a Random World", 2005). With fewer than
 * 1/target − 1 scores no such rank exists, and it is just above the highest: a chance of 1 / (n + 1).
 */
function empiricalQuantile(scores: readonly number[], target: number): number {
  const sorted = [...scores].sort((a, b) => a - b);
  const rank = Math.ceil((sorted.length + 1) * (1 - target) - 1e-9);
  return nextFloat32(sorted[Math.min(rank, sorted.length) - 1] ?? Number.NaN);
}

/** A rule in words, for a threshold profile. */
export function thresholdRuleWords(rule: ThresholdRuleName, target: number): string {
  switch (rule) {
    case 'adaptive-bound':
      return (
        `Upper prediction bound for one further normal image at a false-alarm target of ${target}, over normal and Gumbel ` +
        '(skewed) scores as the held-out scores of all categories make them probable, spreads shared as far as they agree.'
      );
    case 'prediction-bound':
      return (
        `Upper Student-t prediction bound for one further normal image at a false-alarm target of ${target}, ` +
        `mean + t(n - 1, ${1 - target}) * sd * sqrt(1 + 1/n); with one held-out image, just above its score.`
      );
    case 'shared-spread-bound':
      return (
        `Upper Student-t prediction bound for one further normal image at a false-alarm target of ${target}, with the ` +
        'spread of each category shrunk towards the spread that the categories share (Smyth 2004).'
      );
    case 'normal-quantile':
      return (
        `Mean + z(${1 - target}) * sd of the held-out normal scores, a false-alarm target of ${target}; takes mean and ` +
        'spread as known exactly, so with few held-out images there are more false alarms than that.'
      );
    case 'empirical-quantile':
      return (
        `Just above the ceil((n + 1) * ${1 - target})-th lowest held-out normal score, a false-alarm target of ${target}; ` +
        'where there are too few held-out images for that, just above the highest.'
      );
  }
}

/** Throws INVALID_INPUT unless there is a rule of that name. */
export function parseThresholdRule(name: string): ThresholdRuleName {
  const rule = THRESHOLD_RULES.find((known) => known === name);
  if (rule !== undefined) return rule;
  throw new DomainError('INVALID_INPUT', `There is no threshold rule named ${name}.`, {
    field: 'rule',
    fix: `Use one of ${THRESHOLD_RULES.join(', ')}.`,
  });
}
