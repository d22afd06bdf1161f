/** @file How an image is compared with another: levels, their reach, and the blocks of rows that are compared at once. */
import { type FeatureLevel, type RetrievalPreset, suspectImages } from '@plumbline/contracts';
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
  /** Above 0, at most 1: see `guided.ts`. */
  readonly closeShare: number;
}

export interface ComparedLevel extends DescribedLevel {
  /** D: of a stored patch; fewer than C where principal components are kept. */
  readonly stored: number;
  /** Places, along each side, that a match may be away; null is anywhere. */
  readonly reach: number | null;
}

export function planRetrieval(
  levels: readonly FeatureLevel[],
  { distance, images, window, channels: most, localScale, closeShare }: RetrievalPreset,
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
    closeShare,
  };
}

/** What is usual where is measured among all patches, whatever answers do, of images that few defects share, and by no scales. */
export function comparingAll(plan: RetrievalPlan): RetrievalPlan {
  return { ...plan, closeShare: 1, images: suspectImages(plan.images), localScale: 0 };
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

/** Distances computed at once: 4 MB, what a processor's cache holds. */
export const LARGEST_PRODUCT = 2 ** 20;
/** With a window more rows at once would compare more pairs out of reach. */
const ROWS_WITH_WINDOW = 4;

/** Of patches. */
export interface PatchRange {
  readonly start: number;
  readonly size: number;
}

export interface PatchBlock {
  /** Of the image. */
  readonly own: PatchRange;
  /** Of a stored image. */
  readonly theirs: PatchRange;
  /** `[own, theirs]`: 0 for pairs within reach, `far` for others; null without a window. */
  readonly mask: ((far: number) => Float32Array) | null;
}

/**
 * What is compared at once, first to last.
 * @param patches All of the level's, or fewer where a match may be anywhere.
 */
export function patchBlocks(level: ComparedLevel, patches: number): PatchBlock[] {
  const { grid, reach } = level;
  const theirs = { start: 0, size: grid ** 2 };
  if (reach === null) {
    const rows = Math.max(1, Math.floor(LARGEST_PRODUCT / theirs.size));
    return Array.from({ length: Math.ceil(patches / rows) }, (_, block) => {
      const start = block * rows;
      return { own: { start, size: Math.min(rows, patches - start) }, theirs, mask: null };
    });
  }
  return rowBlocks({ grid, reach }).map(({ own, theirs: near }) => ({
    own: patchesOf(own, grid),
    theirs: patchesOf(near, grid),
    mask: (far) => outOfReach({ own, theirs: near }, { grid, reach, far }),
  }));
}

function patchesOf({ from, to }: Rows, grid: number): PatchRange {
  return { start: from * grid, size: (to - from) * grid };
}

/** Rows of the grid from the first to before the last. */
interface Rows {
  readonly from: number;
  readonly to: number;
}

interface RowBlock {
  /** Of the image. */
  readonly own: Rows;
  /** Of a stored image: all that are within reach of one of them. */
  readonly theirs: Rows;
}

/** The grid cut into blocks of whole rows, top to bottom. */
function rowBlocks({ grid, reach }: { readonly grid: number; readonly reach: number }): RowBlock[] {
  const most = Math.max(1, Math.floor(LARGEST_PRODUCT / grid ** 3));
  const height = Math.min(ROWS_WITH_WINDOW, most, grid);
  return Array.from({ length: Math.ceil(grid / height) }, (_, block) => {
    const own = { from: block * height, to: Math.min(grid, (block + 1) * height) };
    return {
      own,
      theirs: { from: Math.max(0, own.from - reach), to: Math.min(grid, own.to + reach) },
    };
  });
}

function outOfReach(
  { own, theirs }: RowBlock,
  { grid, reach, far }: { readonly grid: number; readonly reach: number; readonly far: number },
): Float32Array {
  const [height, width] = [(own.to - own.from) * grid, (theirs.to - theirs.from) * grid];
  const mask = new Float32Array(height * width);
  for (let i = 0; i < height; i++) {
    const [y, x] = [own.from + Math.floor(i / grid), i % grid];
    for (let j = 0; j < width; j++) {
      const away = Math.max(
        Math.abs(theirs.from + Math.floor(j / grid) - y),
        Math.abs((j % grid) - x),
      );
      if (away > reach) mask[i * width + j] = far;
    }
  }
  return mask;
}
