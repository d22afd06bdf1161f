/** @file What the images of a category bank say of each other: each is left out in turn and looked for among the others. */
import { type DescriptorBank, nearestImages, vote } from '@plumbline/contracts';

/** Most images that are asked about, evenly spread: each is compared with the whole bank. */
const MOST_IMAGES = 1000;
/** A category's reach needs these: with fewer the farthest of them says too little of the next one. So as many of each are asked about. */
export const LEAST_FOR_REACH = 8;

export interface LeftOut {
  readonly category: string;
  /** The category that the others vote for. */
  readonly found: string;
  /** Share of their votes. */
  readonly confidence: number;
  /** Of the descriptor most like it, Euclidean. */
  readonly distance: number;
}

/** Without the only images of their categories, which can't be found. */
export function leaveOneOut(bank: DescriptorBank, neighbors: number): LeftOut[] {
  const { categories, descriptors, names, size } = bank;
  const answers: LeftOut[] = [];
  for (const image of askedImages(bank)) {
    const category = categories[image]!;
    const own = descriptors.subarray(image * size, (image + 1) * size);
    const nearest = nearestImages(bank, own, neighbors, image);
    const [first] = vote(bank, nearest);
    if (first === undefined) continue;
    const distance = Math.sqrt(nearest[0]!.squaredDistance);
    const { category: found, confidence } = first;
    answers.push({ category: names[category]!, found, confidence, distance });
  }
  return answers;
}

/** Rows of the bank, of categories with several. */
function askedImages({ names, categories }: DescriptorBank): number[] {
  const rows = names.map((): number[] => []);
  for (const [image, category] of categories.entries()) rows[category]!.push(image);
  const step = Math.max(1, categories.length / MOST_IMAGES);
  const asked = new Set<number>();
  for (let at = 0; at < categories.length; at += step) asked.add(Math.floor(at));
  return rows
    .filter((own) => own.length > 1)
    .flatMap((own) => {
      const even = own.filter((image) => asked.has(image));
      if (even.length >= LEAST_FOR_REACH) return even;
      const apart = Math.max(1, own.length / LEAST_FOR_REACH);
      return own.filter((_, index) => Math.floor(index % apart) === 0);
    });
}
