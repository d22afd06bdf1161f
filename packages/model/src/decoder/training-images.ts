/** @file Which images the decoder learns from, and which of them make a batch: categories alike, whatever their size. */
import type { Streams } from '../training/streams.ts';
import type { Batches } from '../training/trainable.ts';

/**
 * @param categories Category of each image.
 * @returns At most `count` image indices, ascending: one of each category in turn, until there are no more.
 */
export function chooseImages(categories: readonly string[], count: number): Int32Array {
  const members = byCategory(categories.keys(), (image) => categories[image] as string);
  const rounds = Math.max(0, ...members.map((images) => images.length));
  const inTurn = Array.from({ length: rounds }, (_, round) =>
    members.flatMap((images) => images.slice(round, round + 1)),
  );
  return Int32Array.from(inTurn.flat().slice(0, count)).sort();
}

/**
 * Batches drawn with replacement: a category, then an image of it.
 * @param members For each category the places of its images.
 */
export function drawnBatches(
  members: readonly (readonly number[])[],
  batchSize: number,
  random: Streams,
): Batches {
  return {
    images(step) {
      const stream = random('batch', step);
      return Int32Array.from({ length: batchSize }, () => {
        const images = members[stream.nextInteger(members.length)] as readonly number[];
        return images[stream.nextInteger(images.length)] as number;
      });
    },
  };
}

/** The items of each category, categories in order of appearance. */
export function byCategory(
  items: Iterable<number>,
  categoryOf: (item: number) => string,
): number[][] {
  const groups = new Map<string, number[]>();
  for (const item of items) {
    const category = categoryOf(item);
    const group = groups.get(category);
    if (group === undefined) groups.set(category, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
