/** @file What a person should know about the training images before trusting the model; each a line in the run's log. */
import {
  FEW_HELD_OUT,
  lookUp,
  type Sample,
  type ThresholdProfile,
  thresholdNotes,
} from '@plumbline/contracts';
import { shorterSide } from '@plumbline/data';
import type { NormalScore } from './evaluate/fit-thresholds.ts';
import type { TrainingSplit } from './fit/hold-out.ts';

/** With fewer training images a category's idea of normal rests on very little. */
const FEW_IMAGES = 8;

/**
 * @param sizePx Side of what the backbone sees: images are resized to it.
 * @returns Sentences; none when there is nothing to say.
 */
export function trainingWarnings(split: TrainingSplit, sizePx: number): string[] {
  const all = [...split.fit, ...split.heldOut];
  const categories = [...new Set(all.map((sample) => sample.category))].sort();
  const few = categories.flatMap((name) => fewImages(name, split));
  const small = all.filter(({ image }) => shorterSide(image) < sizePx);
  return small.length === 0 ? few : [...few, smallImages(small, sizePx)];
}

function fewImages(category: string, { fit, heldOut }: TrainingSplit): string[] {
  const count = (samples: readonly Sample[]) =>
    samples.filter((sample) => sample.category === category).length;
  const [trained, held] = [count(fit), count(heldOut)];
  const total = trained + held;
  if (total >= FEW_IMAGES) return [];
  const images = `${total} normal training image${total === 1 ? '' : 's'}`;
  const kept = held === 0 ? '' : `: ${trained} to train on, ${held} held out for its threshold`;
  return [`Category ${category} has only ${images}${kept}. Add more.`];
}

function smallImages(small: readonly Sample[], sizePx: number): string {
  const [first] = small as [Sample, ...Sample[]];
  const { width, height } = first.image;
  return `${small.length} training images have fewer pixels than the ${sizePx}×${sizePx} that the backbone sees, for example ${first.path} (${width}×${height}). They are enlarged, and nothing finer than their pixels can be found.`;
}

/** Normal images named in one warning, at most. */
const MOST_NAMED = 5;

/** What the thresholds rest on, where that is little, and normal images that they would call anomalous. */
export function thresholdWarnings(
  profile: ThresholdProfile,
  scores: readonly NormalScore[],
  { fit }: TrainingSplit,
): string[] {
  const categories = [...new Set(fit.map((sample) => sample.category))].sort();
  return [...thresholdNotes(profile, categories), ...oddImages(profile, scores)];
}

/** Normal images that no others resemble: rare ones, or no normal images at all. */
function oddImages(profile: ThresholdProfile, scores: readonly NormalScore[]): string[] {
  const odd = scores
    .map(({ path, category, imageScore }) => {
      const own = lookUp(profile.categories, category);
      const isSure = own !== undefined && own.heldOutScores.length >= FEW_HELD_OUT;
      return { path, ratio: isSure ? imageScore / own.imageThreshold : 0 };
    })
    .filter(({ ratio }) => ratio >= 1)
    .sort((a, b) => b.ratio - a.ratio);
  if (odd.length === 0) return [];
  const named = odd
    .slice(0, MOST_NAMED)
    .map(({ path, ratio }) => `${path} (${ratio.toFixed(2)} × the threshold)`);
  const more = odd.length > MOST_NAMED ? `, and ${odd.length - MOST_NAMED} more` : '';
  return [
    `${odd.length} of ${scores.length} normal training images would be called anomalous by fits without them: ${named.join(', ')}${more}. Check whether they are normal; expect one in a hundred.`,
  ];
}
