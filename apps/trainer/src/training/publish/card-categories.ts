/** @file What the model card says of categories: how an image's is known, and what tells an image of none of them. */
import { type CategoryBank, knownCategories } from '@plumbline/contracts';
import type { UnsignedManifest } from './unsigned-manifest.ts';

/** How an image's category is known. */
export function categories(manifest: UnsignedManifest): string {
  if (manifest.kind === 'external') return 'Known from the imported results.';
  const bank = manifest.categoryBank;
  if (bank === undefined) return 'There is one: every image is assumed to belong to it.';
  const right =
    bank.testAccuracy === null
      ? ''
      : ` On the test split the right category was found for ${percent(bank.testAccuracy)} % of the images, for information.`;
  if (knownCategories(manifest).length === 1)
    return `There is one: every image is assumed to belong to it. ${unfamiliarWords(bank)}`;
  return `Unless the request names it, an image's category is the one with most votes of the ${bank.neighbors} images that are most like it among ${bank.images} normal training images (\`${bank.file}\`). With less than ${percent(bank.sureFrom)} % of the votes the answer is not sure.${right} An image that belongs to none of the categories is assigned to the one that it is most like. ${unfamiliarWords(bank)}`;
}

function unfamiliarWords({ images, reach = {} }: CategoryBank): string {
  const count = Object.keys(reach).length;
  return count === 0
    ? 'There are too few training images to tell another product by.'
    : `An image that is more than twice as far from each of ${images} normal training images as those are from each other is called unfamiliar: another product, no part, a covered camera. Products that look alike are not told apart by that.`;
}

function percent(share: number): string {
  return (share * 100).toFixed(1);
}
