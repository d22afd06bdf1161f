/** @file Which normal training images are kept out of training, for the thresholds. */
import { createHash } from 'node:crypto';
import { DomainError, type Sample } from '@plumbline/contracts';
import { requireGridPixels } from '@plumbline/data';

/**
 * One image in five, and at least four, of each category: with fewer the bound is so wide that little is ever flagged.
 * But never more than half of them, so that a category with three images is trained on two.
 */
const SHARE = 5;
const AT_LEAST = 4;

export interface TrainingSplit {
  readonly fit: readonly Sample[];
  readonly heldOut: readonly Sample[];
}

/**
 * Splits the normal training images. Byte-identical images stay on one side. The choice depends on the seed and the
 * images, not on their names or order.
 */
export function holdOut(samples: readonly Sample[], seed: number): TrainingSplit {
  const normal = samples.filter((sample) => sample.split === 'train' && sample.label === 'normal');
  const byCategory = new Map<string, Sample[]>();
  for (const sample of normal)
    byCategory.set(sample.category, [...(byCategory.get(sample.category) ?? []), sample]);
  const held = new Set<string>();
  for (const [category, members] of byCategory) {
    const hashes = [...new Set(members.map((sample) => sample.image.sha256))];
    const wanted = Math.min(
      Math.floor(hashes.length / 2),
      Math.max(AT_LEAST, Math.floor(hashes.length / SHARE)),
    );
    const ranked = hashes
      .map((hash) => ({ hash, key: orderKey(seed, category, hash) }))
      .sort((a, b) => a.key.localeCompare(b.key));
    for (const { hash } of ranked.slice(0, Math.max(0, wanted))) held.add(`${category}/${hash}`);
  }
  const isHeld = (sample: Sample) => held.has(`${sample.category}/${sample.image.sha256}`);
  return { fit: normal.filter((sample) => !isHeld(sample)), heldOut: normal.filter(isHeld) };
}

function orderKey(seed: number, category: string, hash: string): string {
  return createHash('sha256').update(`${seed}/${category}/${hash}`).digest('hex');
}

/** @throws DomainError when either side is empty. */
export function requireTrainingImages(split: TrainingSplit): TrainingSplit {
  if (split.fit.length > 0 && split.heldOut.length > 0) return split;
  throw new DomainError('INVALID_INPUT', 'The dataset has too few normal training images.', {
    fix: 'Import one with at least two different normal training images in a category.',
  });
}

/**
 * @param gridSide Side of the finest feature grid.
 * @throws DomainError naming an image of the training or the test split with fewer pixels than the grid has places.
 */
export function requirePixels(
  samples: readonly Sample[],
  { fit, heldOut }: TrainingSplit,
  gridSide: number,
): void {
  const test = samples.filter((sample) => sample.split === 'test');
  requireGridPixels(
    [...fit, ...heldOut, ...test].map(({ path, image }) => ({ file: path, ...image })),
    gridSide,
    'Or leave the smaller ones out, or choose feature taps of a larger stride.',
  );
}
