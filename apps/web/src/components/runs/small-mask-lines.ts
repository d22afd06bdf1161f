/** @file What there is to say about small masks at an image size, one line per category. */
import {
  type CategorySummary,
  countSmallMasks,
  MIN_MASK_PIXELS,
  sizeForMasks,
} from '@plumbline/contracts';
import { formatPlural } from '../../format/format-number.ts';

export function smallMaskLines(
  categories: readonly Pick<CategorySummary, 'name' | 'smallMasks'>[],
  imageSizePx: number,
): string[] {
  return categories.flatMap(({ name, smallMasks = [] }) => {
    const small = countSmallMasks(smallMasks, imageSizePx);
    if (small === 0) return [];
    const enough = sizeForMasks(smallMasks);
    const fix =
      enough === null || enough <= imageSizePx
        ? 'No image size is large enough for all of them.'
        : `Choose ${enough}.`;
    return [
      `${formatPlural(small, 'mask')} of ${name} ${small === 1 ? 'covers' : 'cover'} less than ${MIN_MASK_PIXELS} pixels with images of ${imageSizePx}. ${fix}`,
    ];
  });
}
