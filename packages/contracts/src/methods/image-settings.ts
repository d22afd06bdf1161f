/** @file The settings that every method has: the square that the backbone sees, tiles, and the strides of its taps. */
import { z } from 'zod';
import {
  type BlockTaps,
  type FitNeeds,
  IMAGENET_COLORS,
  type Preprocessing,
} from '../training/fit-needs.ts';
import { setting } from './setting.ts';
import { settingError } from './setting-error.ts';

export const IMAGE_SIZES_PX = [64, 128, 224, 256, 384, 448, 512] as const;
/** An answer takes as much time for each tile as for a whole image. */
const MOST_TILES = 32;
const MOST_ALONG_A_SIDE = 16;
/** Views of an image go through the backbone together in training: so many of 256 px take up to about 2 GB. */
const MOST_VIEWS = 128;

const along = () => z.number().int().min(1).max(MOST_ALONG_A_SIDE);

export const imageSettings = {
  imageSizePx: setting(z.literal([...IMAGE_SIZES_PX]), {
    label: 'Image size',
    hint: 'Finer places and small defects need more; twice the side takes about four times as long. With tiles, it is the size of each tile.',
    unit: 'px',
    group: 'Features',
    basic: true,
  }),
  tileRows: setting(along(), {
    label: 'Tile rows',
    hint: `For small defects on large pictures: an image is cut into rows × columns of tiles, at most ${MOST_TILES}, each of the image size. Time grows with their number.`,
    unit: 'tiles',
    group: 'Tiles',
    before: 1,
  }),
  tileColumns: setting(along(), {
    label: 'Tile columns',
    hint: 'As the rows. Tiles that are about square in the picture distort it least.',
    unit: 'tiles',
    group: 'Tiles',
    before: 1,
  }),
  tileOverlap: setting(z.number().min(0).max(0.5), {
    label: 'Overlap of tiles',
    hint: 'Share of a tile’s side that it has in common with its neighbor, where their maps are blended.',
    group: 'Tiles',
    before: 0.125,
  }),
};

/** Without tiles. */
export function wholeImage(imageSizePx: (typeof IMAGE_SIZES_PX)[number]) {
  return { imageSizePx, tileRows: 1, tileColumns: 1, tileOverlap: 0.125 };
}

const everySetting = z.object(imageSettings);
export type ImageSettings = Readonly<z.infer<typeof everySetting>>;

/** For methods to which a patch is the same wherever and however it lies. */
export const rotationSettings = {
  rotations: setting(z.literal([1, 4]), {
    label: 'Rotations',
    hint: '4 also trains on every image turned by 90, 180 and 270 degrees: for parts that lie in any of these ways. Training takes four times as long.',
    group: 'Features',
    before: 1,
  }),
};

/**
 * What the settings say of images.
 * @throws DomainError naming the setting when there are more tiles than a model can have.
 */
export function preparedImages(
  settings: ImageSettings & { readonly rotations?: 1 | 4 },
): Pick<FitNeeds, 'preprocessing' | 'rotations'> {
  const { imageSizePx, tileRows: rows, tileColumns: columns, tileOverlap, rotations } = settings;
  if (rows * columns > MOST_TILES)
    throw settingError(
      ['tileRows'],
      `${rows} × ${columns} are ${rows * columns} tiles. Give at most ${MOST_TILES} together.`,
    );
  const views = rows * columns * (rotations ?? 1);
  const most = Math.floor(MOST_VIEWS / Math.max(1, (imageSizePx / 256) ** 2));
  if (views > most)
    throw settingError(
      ['imageSizePx'],
      `Training would see ${views} pictures of ${imageSizePx} px of each image at once. Give an image size, tiles and rotations of at most ${most} pictures.`,
    );
  const preprocessing: Preprocessing = { imageSizePx, ...IMAGENET_COLORS };
  const tiles = { rows, columns, overlapPx: Math.round(tileOverlap * imageSizePx) };
  return {
    preprocessing: rows * columns === 1 ? preprocessing : { ...preprocessing, tiles },
    ...(rotations === undefined || rotations === 1 ? {} : { rotations }),
  };
}

/** Of a method that reads features at random, and keeps the state that held-out images show to be the best. */
export function keptTokens(
  {
    strides,
    keepBest,
    averagePool = false,
    ...images
  }: ImageSettings & {
    readonly strides: readonly number[];
    readonly keepBest: boolean;
    readonly averagePool?: boolean;
  },
  blocks?: BlockTaps,
): FitNeeds {
  return {
    ...preparedImages(images),
    labels: 'none',
    heldOut: keepBest,
    input: {
      ...{ kind: 'tokens', strides, access: 'random', averagePool },
      ...(blocks === undefined ? {} : { blocks }),
    },
  };
}

/** @param among What can be chosen, finest first. */
export function stridesSetting<const Stride extends number>(among: readonly Stride[]) {
  return setting(z.array(z.literal([...among])).min(1), {
    label: 'Strides of the feature taps',
    hint: 'Pixels of the resized image per patch, finest first. Named feature taps take their place.',
    unit: 'px',
    group: 'Features',
  });
}
