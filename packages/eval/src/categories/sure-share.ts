/** @file From which share of the votes a found category is a sure one, by the training images themselves. */
import { type DescriptorBank, nearestImages, vote } from '@plumbline/contracts';

/** Of the answers that are called sure, at most this share may be wrong among the training images. */
const WRONG_SHARE = 0.01;
/** Less than a clear majority is never sure, however well the categories can be told apart. */
const LEAST = 0.6;
/** Most images that are asked about, evenly spread: each is compared with the whole bank. */
const MOST_IMAGES = 1000;

/**
 * Leaves each image of the bank out in turn and lets the others vote.
 * @returns The lowest share, at least 0.6, from which on at most 1 % of the answers are wrong; 1 where there is none.
 */
export function sureShare(bank: DescriptorBank, neighbors: number): number {
  const answers = leaveOneOut(bank, neighbors).sort((a, b) => b.confidence - a.confidence);
  let sureFrom = answers.length === 0 ? LEAST : 1;
  let wrong = 0;
  for (const [index, { confidence, right }] of answers.entries()) {
    wrong += right ? 0 : 1;
    const isLastOfEqual = answers[index + 1]?.confidence !== confidence;
    if (isLastOfEqual && wrong <= WRONG_SHARE * (index + 1)) sureFrom = confidence;
  }
  // Below the lowest answer seen nothing speaks against the least share.
  const lowest = answers.at(-1)?.confidence ?? LEAST;
  return sureFrom === lowest ? LEAST : Math.max(LEAST, sureFrom);
}

interface Answer {
  readonly confidence: number;
  readonly right: boolean;
}

function leaveOneOut(bank: DescriptorBank, neighbors: number): Answer[] {
  const { categories, descriptors, names, size } = bank;
  const members = new Int32Array(names.length);
  for (const category of categories) members[category]! += 1;
  const step = Math.max(1, categories.length / MOST_IMAGES);
  const answers: Answer[] = [];
  for (let at = 0; at < categories.length; at += step) {
    const image = Math.floor(at);
    const category = categories[image]!;
    // Without its only image a category can't be found.
    if (members[category]! < 2) continue;
    const own = descriptors.subarray(image * size, (image + 1) * size);
    const [first] = vote(bank, nearestImages(bank, own, neighbors, image));
    if (first === undefined) continue;
    answers.push({ confidence: first.confidence, right: first.category === names[category] });
  }
  return answers;
}
