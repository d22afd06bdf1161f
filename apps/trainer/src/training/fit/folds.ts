/** @file Which normal training images are scored by which fit, for the thresholds, where every one of them is fitted to. */
import { FOLD_IMAGES, FOLDS, type Sample } from '@plumbline/contracts';
import type { Folds } from '@plumbline/model';
import { differentImages, normalTrainingImages, orderKey, type TrainingSplit } from './hold-out.ts';

/**
 * All normal training images, and their folds. Each fit lacks a tenth of a category: few enough that its scores are nearly
 * those of the final one, which lacks none. A category with fewer images leaves out one at a time. Byte-identical images share one. A category with one image has none: a
 * fit without it would know nothing of the category, and its score would say nothing about further images. Of a category
 * with more than so many (`FOLD_IMAGES` by default) that many are scored, chosen by chance; the others are part of every fit.
 */
export function crossFit(
  samples: readonly Sample[],
  seed: number,
  mostScored = FOLD_IMAGES,
): TrainingSplit {
  const fit = normalTrainingImages(samples);
  const foldOf = new Map<string, number>();
  for (const [category, hashes] of differentImages(fit)) {
    if (hashes.length < 2) continue;
    const ranked = hashes
      .map((hash) => ({ hash, key: orderKey(seed, category, hash) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    // Where a category has fewer images than there are folds, not always the same ones go without.
    const first = Number.parseInt(orderKey(seed, category, 'first fold').slice(0, 8), 16);
    for (const [rank, { hash }] of ranked.slice(0, mostScored).entries())
      foldOf.set(`${category}/${hash}`, (first + rank) % FOLDS);
  }
  return { fit, heldOut: [], folds: numbered(fit.map((sample) => foldOf.get(keyOf(sample)))) };
}

function keyOf({ category, image }: Sample): string {
  return `${category}/${image.sha256}`;
}

/** Folds that nothing is in are left out. */
function numbered(folds: readonly (number | undefined)[]): Folds {
  const used = [...new Set(folds)].filter((fold) => fold !== undefined).sort((a, b) => a - b);
  const numbers = new Map(used.map((fold, index) => [fold, index]));
  return {
    count: used.length,
    of: Int32Array.from(folds, (fold) => (fold === undefined ? -1 : (numbers.get(fold) ?? -1))),
  };
}
