/**
 * @file Tiles: an image is brought to a canvas, which squares of the backbone's size cover with some overlap. Maps are of
 * the canvas' size. T tiles, row by row.
 */
import type { FeatureLevel } from './feature-level.ts';
import type { FitNeeds, Preprocessing, TileGrid } from './fit-needs.ts';

export interface MapSize {
  readonly height: number;
  readonly width: number;
}

const ONE_TILE: TileGrid = { rows: 1, columns: 1, overlapPx: 0 };

export function tileGrid({ tiles }: Pick<Preprocessing, 'tiles'>): TileGrid {
  return tiles ?? ONE_TILE;
}

/** T. */
export function tileCount(preprocessing: Pick<Preprocessing, 'tiles'>): number {
  const { rows, columns } = tileGrid(preprocessing);
  return rows * columns;
}

/** What an image is resized to, and the size of its anomaly map, pixels. */
export function mapSize(preprocessing: Pick<Preprocessing, 'imageSizePx' | 'tiles'>): MapSize {
  const { imageSizePx } = preprocessing;
  const { rows, columns, overlapPx } = tileGrid(preprocessing);
  const side = (count: number) => imageSizePx + (count - 1) * (imageSizePx - overlapPx);
  return { height: side(rows), width: side(columns) };
}

/** Pictures that training sees of an image: its tiles, each as it is turned. */
export function viewCount({
  preprocessing,
  rotations = 1,
}: Pick<FitNeeds, 'preprocessing' | 'rotations'>): number {
  return tileCount(preprocessing) * rotations;
}

/** Fewest pixels that an image may have along a side: one for each place of the finest feature grids along the longer one. */
export function leastSidePx(
  preprocessing: Pick<Preprocessing, 'imageSizePx' | 'tiles'>,
  levels: readonly Pick<FeatureLevel, 'grid'>[],
): number {
  const { height, width } = mapSize(preprocessing);
  return Math.ceil(
    (Math.max(...levels.map(({ grid }) => grid)) * Math.max(height, width)) /
      preprocessing.imageSizePx,
  );
}

/** `928 × 1376 px`: height and width. */
export function describeMapSize({ height, width }: MapSize): string {
  return `${height} × ${width} px`;
}

/** `4 × 6 tiles of 256 px that share 32 px`; null for a whole image. */
export function describeTiles({
  imageSizePx,
  tiles,
}: Pick<Preprocessing, 'imageSizePx' | 'tiles'>): string | null {
  if (tiles === undefined) return null;
  const { rows, columns, overlapPx } = tiles;
  return `${rows} × ${columns} tiles of ${imageSizePx} px that share ${overlapPx} px`;
}
