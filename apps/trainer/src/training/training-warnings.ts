/** @file What a person should know about the training images before trusting the model; each a line in the run's log. */
import {
  FEW_HELD_OUT,
  type Sample,
  type ThresholdProfile,
  thresholdNotes,
} from '@plumbline/contracts';
import { shorterSide } from '@plumbline/data';
import type { NormalScore } from './fit-thresholds.ts';
import type { TrainingSplit } from './hold-out.ts';

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
  return `${small.length} training images have fewer pixels than the ${sizePx}×${sizePx} that the backbone sees, ${first.path} (${width}×${height}) for one: they are enlarged, and nothing finer than their pixels can be found.`;
}

/** What the thresholds rest on, where that is little, and normal images that they would call anomalous. */
export function thresholdWarnings(
  profile: ThresholdProfile,
  scores: readonly NormalScore[],
  { fit }: TrainingSplit,
): string[] {
  const categories = [...new Set(fit.map((sample) => sample.category))].sort();
  return [
    ...thresholdNotes(profile, categories),
    ...categories.flatMap((name) => oddImages(name, profile, scores)),
  ];
}

/** A normal image that no other one resembles: rare, or no normal image at all. */
function oddImages(
  category: string,
  { categories }: ThresholdProfile,
  scores: readonly NormalScore[],
): string[] {
  const own = Object.hasOwn(categories, category) ? categories[category] : undefined;
  if (own === undefined || own.heldOutScores.length < FEW_HELD_OUT) return [];
  const odd = scores
    .filter((score) => score.category === category && score.imageScore >= own.imageThreshold)
    .sort((a, b) => b.imageScore - a.imageScore);
  const [highest] = odd;
  if (highest === undefined) return [];
  const many =
    odd.length === 1 ? '1 normal training image' : `${odd.length} normal training images`;
  return [
    `${many} of ${category} would be called anomalous by a fit without ${odd.length === 1 ? 'it' : 'them'}, ${highest.path} most of all (score ${highest.imageScore.toPrecision(3)}, threshold ${own.imageThreshold.toPrecision(3)}): see whether the picture is normal.`,
  ];
}
