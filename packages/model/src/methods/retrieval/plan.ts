/** @file How an image is compared with another: levels, their reach, and the blocks of rows that are compared at once. */
import type { FeatureLevel, RetrievalPreset } from '@plumbline/contracts';
import { BATCH, type TensorProgram } from '../../trace/index.ts';
import { type DescribedLevel, describedLevels, descriptorSize } from '../image-descriptor.ts';

export interface RetrievalPlan {
  readonly levels: readonly ComparedLevel[];
  /** E: numbers in an image's descriptor. */
  readonly descriptorSize: number;
  readonly distance: RetrievalPreset['distance'];
  /** K. */
  readonly images: number;
  /** 0 to below 1: see `local-scale.ts`. */
  readonly localScale: number;
}

export interface ComparedLevel extends DescribedLevel {
  /** D: of a stored patch; fewer than C where principal components are kept. */
  readonly stored: number;
  /** Places, along each side, that a match may be away; null is anywhere. */
  readonly reach: number | null;
}

export function planRetrieval(
  levels: readonly FeatureLevel[],
  { distance, images, window, channels: most, localScale }: RetrievalPreset,
): RetrievalPlan {
  const finest = Math.max(...levels.map(({ grid }) => grid));
  const compared = describedLevels(levels).map((level) => ({
    ...{ ...level, stored: Math.min(level.channels, most ?? level.channels) },
    reach: window === null ? null : Math.ceil((window * level.grid) / finest),
  }));
  return {
    levels: compared,
    descriptorSize: descriptorSize(compared),
    distance,
    images,
    localScale,
  };
}

/** `tokens0…` f32 `[N, P, C]`. */
export function tokenInputs({ levels }: RetrievalPlan): TensorProgram['inputs'] {
  return Object.fromEntries(
    levels.map(({ grid, channels }, index) => [
      `tokens${index}`,
      { shape: [BATCH, grid ** 2, channels] },
    ]),
  );
}

/** Rows of the grid from the first to before the last. */
interface Rows {
  readonly from: number;
  readonly to: number;
}

export interface RowBlock {
  /** Of the image. */
  readonly own: Rows;
  /** Of a stored image: all that are within reach of one of them. */
  readonly theirs: Rows;
}

/** Distances computed at once for an image and a stored one: 4 MB, what a processor's cache holds. */
const LARGEST_PRODUCT = 2 ** 20;
/** With a window more rows at once would compare more pairs out of reach. */
const ROWS_WITH_WINDOW = 4;

/** The grid cut into blocks of whole rows, top to bottom. */
export function rowBlocks({ grid, reach }: Pick<ComparedLevel, 'grid' | 'reach'>): RowBlock[] {
  const wanted = reach === null ? grid : ROWS_WITH_WINDOW;
  const most = Math.max(1, Math.floor(LARGEST_PRODUCT / grid ** 3));
  const height = Math.min(wanted, most, grid);
  return Array.from({ length: Math.ceil(grid / height) }, (_, block) => {
    const own = { from: block * height, to: Math.min(grid, (block + 1) * height) };
    const around = reach ?? grid;
    return {
      own,
      theirs: { from: Math.max(0, own.from - around), to: Math.min(grid, own.to + around) },
    };
  });
}
