/** @file What a person should know about how much the thresholds of a version rest on. */
import type { ThresholdProfile } from './threshold-profile.ts';

/** With fewer scores of held-out images a category's own spread is hardly known, and its threshold is set wide. */
export const FEW_HELD_OUT = 8;

/** @param categories of the version */
export function thresholdNotes(profile: ThresholdProfile, categories: readonly string[]): string[] {
  const own = Object.entries(profile.categories);
  const counts = own.map(([name, { heldOutScores }]) => [name, heldOutScores.length] as const);
  return scoreNotes(new Map(counts), categories);
}

/**
 * The only place that speaks of few scores, before a training as after it.
 *
 * @param scores held-out scores of each category that has some
 * @returns Sentences about thresholds that rest on little; none when there is nothing to say.
 */
export function scoreNotes(
  scores: ReadonlyMap<string, number>,
  categories: readonly string[],
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
          `Thresholds that come from only ${range} held-out image${high === 1 ? '' : 's'} each: ${list(few.map(({ name }) => name))}. Add normal training images to make them more certain.`,
        ]),
  ];
}

function list(names: readonly string[]): string {
  return [...names].sort().join(', ');
}
