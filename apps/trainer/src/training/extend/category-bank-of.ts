/** @file The descriptors by which the parent of an extension finds categories, with the images that they are of. */
import { CATEGORY_BANK_FILE, readCategoryBank, type Sample } from '@plumbline/contracts';
import { chooseBankImages } from '../publish/bank-images.ts';
import type { DescribedImages } from '../publish/category-bank.ts';
import { type OpenedExtension, readOfParent } from './open-extension.ts';

/** @param normal All normal training images, the added ones last. @returns null where the parent has a single category. */
export async function readDescribed(
  extension: OpenedExtension,
  normal: readonly Sample[],
): Promise<DescribedImages | null> {
  const { parent, facts } = extension;
  if (parent.manifest.categoryBank === undefined) return null;
  const bank = readCategoryBank(await readOfParent(extension, CATEGORY_BANK_FILE));
  const before = normal.slice(0, normal.length - facts.added.length);
  return { bank, samples: chooseBankImages(before, parent.manifest.seed, bank.size) };
}
