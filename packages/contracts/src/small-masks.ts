/** @file Masks that nearly vanish when they are made as small as the anomaly map, and what would keep them; and pictures so large that defects without masks may. */
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
/** How many pixels of a picture become one, a side, from which on small defects are worth a word; and pixels a side of the least that is seen. */
const LARGE_FACTOR = 8;
const SEEN_PX = 3;

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

type Summary = Pick<CategorySummary, 'name' | 'smallMasks'> &
  Partial<Pick<CategorySummary, 'masks' | 'maxWidth' | 'maxHeight'>>;

/** Where no mask says how small defects are. */
function largePictureLine(
  { name, masks, maxWidth = 0, maxHeight = 0 }: Summary,
  prepared: Prepared,
): string[] {
  const { height, width } = mapSize(prepared);
  const factor = Math.max(maxWidth / width, maxHeight / height);
  if (masks !== 0 || factor < LARGE_FACTOR) return [];
  const how = describeTiles(prepared) ?? `images of ${prepared.imageSizePx}`;
  return [
    `${name} has pictures of up to ${maxWidth}×${maxHeight} pixels, and no masks that say how small defects are: with ${how}, a defect of less than about ${Math.round(SEEN_PX * factor)} pixels is hardly visible. If yours are smaller, choose ${prepared.tiles === undefined ? 'tile rows and tile columns' : 'more tile rows and tile columns'}.`,
  ];
}

/** A sentence or two for each category with masks that are too small, or with large pictures without masks. */
export function smallMaskLines(categories: readonly Summary[], prepared: Prepared): string[] {
  const how = describeTiles(prepared) ?? `images of ${prepared.imageSizePx}`;
  return categories.flatMap((category) => {
    const { name, smallMasks = [] } = category;
    const small = countSmallMasks(smallMasks, prepared);
    if (small === 0) return largePictureLine(category, prepared);
    const what = `${small} ${small === 1 ? 'mask' : 'masks'} of ${name} ${small === 1 ? 'covers' : 'cover'}`;
    const fix = keepsMasks(smallMasks, prepared);
    return [
      `${what} less than ${MIN_MASK_PIXELS} pixels with ${how}. ${fix === null ? 'Neither image size nor tiles keep all of them.' : `Choose ${fix}.`}`,
    ];
  });
}
