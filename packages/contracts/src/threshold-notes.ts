/** @file What a person should know about how much the thresholds of a version rest on. */
import type { NormalScores, SimulatedRate, ThresholdProfile } from './threshold-profile.ts';

/** With fewer scores of normal images a category's own spread is hardly known, and its threshold is set wide. */
export const FEW_HELD_OUT = 8;

/** Without assuming how scores are distributed, at this confidence. */
const PROMISE = 0.95;

/**
 * How many held-out images of a category, none of them at or above the threshold, it takes to be 95 % sure that its
 * false-alarm rate is at most `target`, whatever the distribution of scores: (1 − target)^n <= 0.05.
 */
export function heldOutNeeded(target: number): number {
  return Math.ceil(Math.log(1 - PROMISE) / Math.log1p(-target));
}

/** Nothing is held out where each image is scored by a further fit without it. */
const IMAGE: Readonly<Record<NormalScores, string>> = {
  heldOut: 'held-out image',
  crossFit: 'normal training image',
};

/** The false-alarm target, the simulated rate beside it, and how many images it would take to promise the target. */
export function falseAlarmNotes(profile: ThresholdProfile): string[] {
  const { falseAlarmTarget: target, simulated, scoresFrom = 'heldOut' } = profile;
  const counts = Object.values(profile.categories).map((own) => own.heldOutScores.length);
  const fewest = Math.min(...counts);
  const needed = target === null ? 0 : heldOutNeeded(target);
  return [
    [
      target === null ? 'False alarms:' : `False-alarm target ${inPercent(target)} %,`,
      simulated === undefined
        ? 'not simulated, as the scores of normal training images do not show how scores spread.'
        : `simulated ${simulatedWords(simulated)} of further normal images; in parentheses the range of 90 % of the simulations.`,
    ].join(' '),
    ...(target === null || counts.length === 0 || fewest >= needed
      ? []
      : [
          `With ${fewest} ${IMAGE[scoresFrom]}${fewest === 1 ? '' : 's'} in a category nobody can promise ${inPercent(target)} %: that would take ${needed} of each category (to be ${100 * PROMISE} % sure, whatever the distribution of scores).`,
        ]),
  ];
}

/** `1.1 % (0.3 to 2.8 %)`: the mean, and the range of 90 % of the simulations. */
export function simulatedWords({ rate, low, high }: SimulatedRate): string {
  return `${inPercent(rate)} % (${inPercent(low)} to ${inPercent(high)} %)`;
}

/** Two significant digits. */
function inPercent(share: number): string {
  return String(Number((100 * share).toPrecision(2)));
}

/** @param categories of the version */
export function thresholdNotes(profile: ThresholdProfile, categories: readonly string[]): string[] {
  const own = Object.entries(profile.categories);
  const counts = own.map(([name, { heldOutScores }]) => [name, heldOutScores.length] as const);
  return scoreNotes(new Map(counts), categories, profile.scoresFrom);
}

/**
 * The only place that speaks of few scores, before a training as after it.
 *
 * @param scores how many held-out scores each category has that has some
 * @returns Sentences about thresholds that rest on little; none when there is nothing to say.
 */
export function scoreNotes(
  scores: ReadonlyMap<string, number>,
  categories: readonly string[],
  scoresFrom: NormalScores = 'heldOut',
): string[] {
  const without = categories.filter((name) => !scores.has(name));
  const few = categories.flatMap((name) => {
    const count = scores.get(name) ?? FEW_HELD_OUT;
    return count < FEW_HELD_OUT ? [{ name, count }] : [];
  });
  const counts = few.map(({ count }) => count);
  const [low, high] = [Math.min(...counts), Math.max(...counts)];
  const range = low === high ? `${low}` : `${low} to ${high}`;
  return [
    ...(without.length === 0
      ? []
      : [`Without a threshold of their own, so the pooled one is used: ${list(without)}.`]),
    ...(few.length === 0
      ? []
      : [
          `Thresholds that come from only ${range} ${IMAGE[scoresFrom]}${high === 1 ? '' : 's'} each: ${list(few.map(({ name }) => name))}. Add normal training images to make them more certain.`,
        ]),
  ];
}

function list(names: readonly string[]): string {
  return [...names].sort().join(', ');
}
