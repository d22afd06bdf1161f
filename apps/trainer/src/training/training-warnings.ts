/** @file What a person should know about the training images before trusting the model; each a line in the run's log. */
import type { Sample } from '@plumbline/contracts';
import { shorterSide } from '@plumbline/data';
import type { TrainingSplit } from './hold-out.ts';

/** With fewer training images a category's idea of normal, and its threshold, rest on very little. */
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
  if (trained + held >= FEW_IMAGES) return [];
  const threshold =
    held === 0
      ? 'it has no threshold of its own'
      : `its threshold comes from ${held} held-out image${held === 1 ? '' : 's'}`;
  return [
    `Category ${category} has only ${trained + held} normal training images: ${trained} to train on, and ${threshold}. Add more.`,
  ];
}

function smallImages(small: readonly Sample[], sizePx: number): string {
  const [first] = small as [Sample, ...Sample[]];
  const { width, height } = first.image;
  return `${small.length} training images have fewer pixels than the ${sizePx}×${sizePx} that the backbone sees, ${first.path} (${width}×${height}) for one: they are enlarged, and nothing finer than their pixels can be found.`;
}
