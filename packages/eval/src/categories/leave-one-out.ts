/** @file What the images of a category bank say of each other: each is left out in turn and looked for among the others. */
import { type DescriptorBank, nearestImages, vote } from '@plumbline/contracts';

/** Most images that are asked about, evenly spread: each is compared with the whole bank. */
const MOST_IMAGES = 1000;

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
  const members = new Int32Array(names.length);
  for (const category of categories) members[category]! += 1;
  const step = Math.max(1, categories.length / MOST_IMAGES);
  const answers: LeftOut[] = [];
  for (let at = 0; at < categories.length; at += step) {
    const image = Math.floor(at);
    const category = categories[image]!;
    if (members[category]! < 2) continue;
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
