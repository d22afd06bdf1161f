/**
 * @file Retrieval as a definition: settings, presets and cost. After RAD (arXiv 2601.22763) and AnomalyDINO (Damm et
 * al., WACV 2025): an image is compared patch by patch with the training images that it resembles, and nothing is fitted.
 */
import { z } from 'zod';
import { readOnce } from '../training/coverage.ts';
import type { FeatureLevel } from '../training/feature-level.ts';
import { FOLDS_PART } from '../training/run-part.ts';
import { descriptorParts } from './image-descriptor.ts';
import {
  imageSettings,
  preparedImages,
  rotationSettings,
  stridesSetting,
  wholeImage,
} from './image-settings.ts';
import { defineMethod } from './method.ts';
import type { PresetName } from './preset.ts';
import { setting } from './setting.ts';
import { settingError } from './setting-error.ts';

/** An ONNX file ends at 2 GB; the backbone and what else is in it need room too. */
const LARGEST_BANK_MB = 1800;

const settings = {
  ...imageSettings,
  ...rotationSettings,
  strides: stridesSetting([4, 8, 16, 32]),
  averagePool: setting(z.boolean(), {
    label: 'Average pooling of the features',
    hint: 'Over 3×3 patches, before they are compared.',
    group: 'Features',
  }),
  distance: setting(z.enum(['scaled', 'cosine']), {
    label: 'Distance of patches',
    hint: 'scaled: squared distance in units of a level’s variance. cosine: 1 − cosine, as published, for backbones with normalized features.',
    group: 'Comparison',
  }),
  localScale: setting(z.number().min(0).max(0.95), {
    label: 'Local scale',
    hint: 'How far a distance counts in units of what is usual at the patch that it is measured to: what varies in normal images may vary. 0 counts all patches alike.',
    group: 'Comparison',
    before: 0,
  }),
  images: setting(z.number().int().min(1).max(1000), {
    label: 'Nearest images',
    hint: 'Training images that an image is compared with. More finds more of what is normal, and answers more slowly.',
    unit: 'images',
    group: 'Comparison',
  }),
  closeShare: setting(z.number().min(0.01).max(1), {
    label: 'Compared closely',
    hint: 'Share of the patches of a finer level that are compared with more than the most alike of the nearest images: those farthest from it. They are compared with five sixths of the images. Answers come sooner; 1, a window or a single stride compares all patches with all.',
    group: 'Comparison',
    before: 1,
  }),
  window: setting(z.number().int().min(0).max(64).nullable(), {
    label: 'Window',
    hint: 'How far from its own place a patch may find its match, in patches of the finest level; none lets it be anywhere. For parts that always lie alike.',
    unit: 'patches',
    group: 'Comparison',
  }),
  topShare: setting(z.number().min(0).max(0.5), {
    label: 'Scored share of the map',
    hint: 'An image’s score is the mean of this share of its smoothed map, the largest values: a large faint defect counts beside a small strong one. Of a tile’s map where there are tiles. 0 takes the maximum.',
    group: 'Score',
    before: 0,
  }),
  channels: setting(z.number().int().min(1).max(4096).nullable(), {
    label: 'Channels, at most',
    hint: 'Principal components that are kept of a patch, level by level; none keeps all channels. Fewer make a smaller and faster model.',
    unit: 'channels',
    group: 'Memory bank',
    before: null,
  }),
  bankMb: setting(z.number().int().min(1).max(LARGEST_BANK_MB), {
    label: 'Bank size, at most',
    hint: 'What the kept training images may take in the model file. When there are more, those that cover the variety best are kept.',
    unit: 'MB',
    group: 'Memory bank',
  }),
};
const everySetting = z.object(settings);

export type RetrievalPreset = Readonly<z.infer<typeof everySetting>>;

const QUICK: RetrievalPreset = {
  ...wholeImage(256),
  rotations: 1,
  strides: [8, 16],
  averagePool: true,
  distance: 'scaled',
  localScale: 0.5,
  images: 12,
  closeShare: 0.15,
  window: null,
  topShare: 0.02,
  channels: null,
  bankMb: 400,
};

const presets: Readonly<Record<PresetName, RetrievalPreset>> = {
  /** k, r and image score of RAD on MVTec AD, every image kept that fits into a file; the backbone is the run's. */
  paper: {
    ...QUICK,
    averagePool: false,
    distance: 'cosine',
    localScale: 0,
    images: 150,
    closeShare: 1,
    window: 1,
    topShare: 0.01,
    bankMb: LARGEST_BANK_MB,
  },
  quick: QUICK,
  /** The coarse grid alone: a ninth of the multiplications. */
  edge: { ...QUICK, strides: [16], bankMb: 50 },
  tiny: { ...QUICK, imageSizePx: 128, bankMb: 50 },
};

/** Seconds for a value of the features that is kept, and for 10⁹ multiplications of a comparison. */
const KEEP_SECONDS = 8e-8;
const COMPARE_SECONDS = 0.025;

export const retrieval = defineMethod({
  name: 'retrieval',
  title: 'Retrieval',
  about:
    'Compares an image with the normal ones that it resembles most. Nothing is fitted: ready within seconds; models are larger.',
  reconstructs: false,
  crossFits: true,
  extends: true,
  tilesAre: 'images',
  settings,
  memory: { of: 'machine', growsWith: ['bankMb', 'imageSizePx'] },
  presets,
  needs: ({ strides, averagePool, ...images }) => ({
    ...preparedImages(images),
    labels: 'none',
    heldOut: false,
    input: { kind: 'tokens', strides, access: 'inOrder', averagePool },
  }),
  assertLevels(preset, levels) {
    const bytes = retrievalImageBytes(preset, levels);
    if (bytes <= preset.bankMb * 1e6) return;
    const needed = Math.ceil(bytes / 1e6);
    throw settingError(
      ['bankMb'],
      `One image takes ${needed} MB with these feature taps. Give at least ${needed}.`,
    );
  },
  cost(preset, { levels, images, folded }) {
    const kept = retrievalBankImages(preset, levels, images);
    const values = levels.reduce((sum, { grid, channels }) => sum + grid ** 2 * channels, 0);
    const compared = Math.min(kept, preset.images);
    const secondsBy = (closeShare: number, by = compared) =>
      (comparisons({ ...preset, closeShare, images: by }, levels) / 1e9) * COMPARE_SECONDS;
    const scoreSeconds = secondsBy(preset.closeShare);
    const fewer = suspectImages(compared);
    // For thresholds, and for suspects.
    const passes = fewer < compared ? 2 : 1;
    const size = [
      preset.images,
      preset.window ?? 'none',
      values,
      ...(preset.channels === null ? [] : [preset.channels]),
      ...(preset.localScale > 0 ? ['local'] : []),
      ...(preset.closeShare < 1 ? ['close', preset.closeShare] : []),
    ].join('-');
    return {
      scoreSeconds,
      scoreBytes: scoringBytes(levels, Math.min(kept, preset.images)),
      size,
      coverage: [readOnce(RETRIEVAL_PART, images)],
      parts: [
        {
          ...{ stage: 'fit', part: RETRIEVAL_PART, units: images },
          // Once for the descriptors, once for those that are kept.
          readImages: 2 * images,
          key: `retrieval/${values}`,
          expectedSeconds: images * values * KEEP_SECONDS,
        },
        ...(preset.localScale === 0
          ? []
          : [
              {
                ...{ stage: 'fit' as const, part: LOCAL_SCALE_PART, units: kept },
                key: `retrieval-local-scale/${size}`,
                expectedSeconds: kept * secondsBy(1, fewer),
              },
            ]),
        {
          ...{ stage: 'fit', part: FOLDS_PART, units: passes * folded, readImages: folded },
          key: `retrieval-folds/${size}`,
          expectedSeconds: passes * folded * scoreSeconds,
        },
      ],
    };
  },
});

/** What progress is told of, beside the scores of images without themselves. */
export const RETRIEVAL_PART = 'memory bank';
export const LOCAL_SCALE_PART = 'usual distances of patches';

/** Bytes of an image in the bank: patches as float16 with their norms and scales, and its descriptor. */
export function retrievalImageBytes(
  { channels, localScale }: Pick<RetrievalPreset, 'channels' | 'localScale'>,
  levels: readonly FeatureLevel[],
): number {
  return levels.reduce(
    (sum, level) =>
      sum +
      2 *
        level.grid ** 2 *
        (storedChannels(level, channels) + NORM_ROWS + (localScale > 0 ? 1 : 0)) +
      4 * descriptorParts(level) ** 2 * level.channels,
    0,
  );
}

function storedChannels({ channels }: FeatureLevel, most: number | null): number {
  return Math.min(channels, most ?? channels);
}

/** A norm is two halves, the second what the first leaves. */
export const NORM_ROWS = 2;

/** Images that the bank keeps of all there are. */
export function retrievalBankImages(
  preset: Pick<RetrievalPreset, 'bankMb' | 'channels' | 'localScale'>,
  levels: readonly FeatureLevel[],
  images: number,
): number {
  const room = Math.floor((preset.bankMb * 1e6) / retrievalImageBytes(preset, levels));
  return Math.min(images, Math.max(1, room));
}

/** The patches of all images that it is compared with, and the products with those of a few of them. */
function scoringBytes(levels: readonly FeatureLevel[], compared: number): number {
  const values = levels.reduce((sum, { grid, channels }) => sum + grid ** 2 * channels, 0);
  const products = Math.max(...levels.map(({ grid }) => grid ** 4));
  return 4 * ((compared + 3) * values + 4 * products);
}

/** Training images that one is compared with when the question is whether it belongs: with more of them defects that are alike find each other. */
export const SUSPECT_IMAGES = 8;

export function suspectImages(images: number): number {
  return Math.min(images, SUSPECT_IMAGES);
}

/**
 * Of the nearest images those, patch by patch the most alike, that a finer level is compared with where not all of its patches are
 * compared with all: a sixth less. The others, which look least alike after all, offer chance matches more than normal ones.
 */
export function closeImages(images: number): number {
  return Math.ceil((5 * images) / 6);
}

/** Multiplications to compare an image with so many others. */
function comparisons(
  { window, closeShare, images, channels: most }: RetrievalPreset,
  levels: readonly FeatureLevel[],
): number {
  const grids = levels.map(({ grid }) => grid);
  const [finest, coarsest] = [Math.max(...grids), Math.min(...grids)];
  return levels.reduce((sum, level) => {
    const { grid } = level;
    const reach = window === null ? grid : Math.ceil((window * grid) / finest);
    // Rows are compared four at a time, with all rows within reach of one of them.
    const rows = Math.min(grid, 4 + 2 * reach);
    const isGuided = window === null && grid > coarsest;
    const compared = isGuided ? 1 + closeShare * (closeImages(images) - 1) : images;
    return sum + compared * grid ** 2 * rows * grid * storedChannels(level, most);
  }, 0);
}
