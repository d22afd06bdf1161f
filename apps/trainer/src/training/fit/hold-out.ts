/** @file Which normal training images are kept out of training, for the thresholds, where fitting is too dear for folds. */
import { createHash } from 'node:crypto';
import { DomainError, FOLD_IMAGES, type Sample } from '@plumbline/contracts';
import { requireGridPixels } from '@plumbline/data';
import type { Folds } from '@plumbline/model';

/**
 * One image in five, and at least four, of each category: with fewer the bound is so wide that little is ever flagged.
 * But never more than half of them, so that a category with three images is trained on two.
 */
const SHARE = 5;
const AT_LEAST = 4;

/** The normal training images. */
export interface TrainingSplit {
  /** Those that the published model is fitted to. */
  readonly fit: readonly Sample[];
  /** Those that no fit sees; none with `folds`. */
  readonly heldOut: readonly Sample[];
  /** Of `fit`: who is scored by a fit without whom. Null where images are held out instead. */
  readonly folds: Folds | null;
}

export function normalTrainingImages(samples: readonly Sample[]): Sample[] {
  return samples.filter((sample) => sample.split === 'train' && sample.label === 'normal');
}

/**
 * Splits the normal training images. Byte-identical images stay on one side. The choice depends on the seed and the
 * images, not on their names or order.
 */
export function holdOut(samples: readonly Sample[], seed: number): TrainingSplit {
  const normal = normalTrainingImages(samples);
  const held = new Set<string>();
  for (const [category, hashes] of differentImages(normal)) {
    const wanted = Math.min(
      Math.floor(hashes.length / 2),
      Math.max(AT_LEAST, Math.floor(hashes.length / SHARE)),
    );
    const ranked = hashes
      .map((hash) => ({ hash, key: orderKey(seed, category, hash) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { hash } of ranked.slice(0, Math.max(0, wanted))) held.add(`${category}/${hash}`);
  }
  const isHeld = (sample: Sample) => held.has(`${sample.category}/${sample.image.sha256}`);
  return {
    fit: normal.filter((sample) => !isHeld(sample)),
    heldOut: normal.filter(isHeld),
    folds: null,
  };
}

/** Of the images that the model was fitted to those to be scored all the same: of each category `FOLD_IMAGES` at most, by chance. */
export function learnedImages({ fit }: Pick<TrainingSplit, 'fit'>, seed: number): Sample[] {
  const chosen = new Set<string>();
  for (const [category, hashes] of differentImages(fit)) {
    const ranked = hashes
      .map((hash) => ({ hash, key: orderKey(seed, category, hash) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { hash } of ranked.slice(0, FOLD_IMAGES)) chosen.add(`${category}/${hash}`);
  }
  return fit.filter(({ category, image }) => chosen.has(`${category}/${image.sha256}`));
}

/** SHA-256 of the images of each category, each once, in their order. */
export function differentImages(samples: readonly Sample[]): Map<string, string[]> {
  const byCategory = new Map<string, Set<string>>();
  for (const { category, image } of samples) {
    const hashes = byCategory.get(category);
    if (hashes === undefined) byCategory.set(category, new Set([image.sha256]));
    else hashes.add(image.sha256);
  }
  return new Map([...byCategory].map(([category, hashes]) => [category, [...hashes]]));
}

/** A place in an order by chance that depends on the seed and what is ordered alone. */
export function orderKey(seed: number, category: string, hash: string): string {
  return createHash('sha256').update(`${seed}/${category}/${hash}`).digest('hex');
}

/** @throws DomainError when there is nothing to fit to, or nothing that thresholds could rest on. */
export function requireTrainingImages(split: TrainingSplit): TrainingSplit {
  const scored = split.folds === null ? split.heldOut.length : split.folds.count;
  if (split.fit.length > 0 && scored > 0) return split;
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
