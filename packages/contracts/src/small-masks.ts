/** @file Masks that nearly vanish when they are made as small as the anomaly map. */

/** Fewer pixels of the map are hardly a region. */
export const MIN_MASK_PIXELS = 4;

/** Image sizes that can be trained with and are worth proposing, pixels a side. */
const SIZES = [256, 512];

/**
 * @param shares Of the image that masks mark, 0 to 1
 * @returns How many of them have fewer than four pixels with images of that size
 */
export function countSmallMasks(shares: readonly number[], imageSizePx: number): number {
  return shares.filter((share) => share > 0 && share * imageSizePx ** 2 < MIN_MASK_PIXELS).length;
}

/** @returns The smallest image size at which none of the masks is too small; null when even the largest is not enough. */
export function sizeForMasks(shares: readonly number[]): number | null {
  return SIZES.find((size) => countSmallMasks(shares, size) === 0) ?? null;
}
