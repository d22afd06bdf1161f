/** @file Masks that nearly vanish when they are made as small as the anomaly map, and what would keep them. */
import type { CategorySummary } from './dataset.ts';
import type { Preprocessing } from './training/fit-needs.ts';
import { describeTiles, mapSize, tileCount } from './training/tile-grid.ts';

/** Fewer pixels of the map are hardly a region. */
export const MIN_MASK_PIXELS = 4;

type Prepared = Pick<Preprocessing, 'imageSizePx' | 'tiles'>;

/** Image sizes that can be trained with and are worth proposing, pixels a side. */
const SIZES = [256, 512];
/** Tiles a side that are worth proposing, and what they share by default. */
const TILES_A_SIDE = [2, 3, 4, 5];
const OVERLAP_SHARE = 0.125;

/**
 * @param shares Of the image that masks mark, 0 to 1
 * @returns How many of them have fewer than four pixels with images that are prepared so
 */
export function countSmallMasks(shares: readonly number[], prepared: Prepared): number {
  const { height, width } = mapSize(prepared);
  return shares.filter((share) => share > 0 && share * height * width < MIN_MASK_PIXELS).length;
}

/** What keeps all of the masks, in words that follow "Choose"; null when nothing does that is worth proposing. */
export function keepsMasks(
  shares: readonly number[],
  { imageSizePx, tiles }: Prepared,
): string | null {
  const size = SIZES.find(
    (side) => side > imageSizePx && countSmallMasks(shares, { imageSizePx: side }) === 0,
  );
  const now = tileCount(tiles === undefined ? {} : { tiles });
  const side = TILES_A_SIDE.find((count) => {
    const overlapPx = Math.round(OVERLAP_SHARE * imageSizePx);
    const grid = { rows: count, columns: count, overlapPx };
    return count ** 2 > now && countSmallMasks(shares, { imageSizePx, tiles: grid }) === 0;
  });
  const larger = size === undefined || tiles !== undefined ? [] : [`an image size of ${size}`];
  const cut = side === undefined ? [] : [`${side} tile rows and ${side} tile columns`];
  const choices = [...larger, ...cut];
  return choices.length === 0 ? null : choices.join(', or ');
}

/** A sentence or two for each category with masks that are too small. */
export function smallMaskLines(
  categories: readonly Pick<CategorySummary, 'name' | 'smallMasks'>[],
  prepared: Prepared,
): string[] {
  const how = describeTiles(prepared) ?? `images of ${prepared.imageSizePx}`;
  return categories.flatMap(({ name, smallMasks = [] }) => {
    const small = countSmallMasks(smallMasks, prepared);
    if (small === 0) return [];
    const what = `${small} ${small === 1 ? 'mask' : 'masks'} of ${name} ${small === 1 ? 'covers' : 'cover'}`;
    const fix = keepsMasks(smallMasks, prepared);
    return [
      `${what} less than ${MIN_MASK_PIXELS} pixels with ${how}. ${fix === null ? 'Neither image size nor tiles keep all of them.' : `Choose ${fix}.`}`,
    ];
  });
}
