/** @file PaDiM (Defard et al., arXiv 2011.08785) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { readOnce } from '../training/coverage.ts';
import { embeddingOf, type FeatureLevel } from '../training/feature-level.ts';
import { FOLDS_PART, type RunPart } from '../training/run-part.ts';
import { descriptorParts } from './image-descriptor.ts';
import { imageSettings, preparedImages, stridesSetting, wholeImage } from './image-settings.ts';
import { defineMethod } from './method.ts';
import type { PresetName } from './preset.ts';
import { setting } from './setting.ts';
import { settingError } from './setting-error.ts';

const settings = {
  ...imageSettings,
  strides: stridesSetting([4, 8, 16, 32]),
  averagePool: setting(z.boolean(), {
    label: 'Average pooling of the features',
    hint: 'Over 3×3 places, before the Gaussians are fitted: what lies a little elsewhere in every image then counts as alike. Not as published.',
    group: 'Features',
    before: false,
  }),
  grid: setting(z.enum(['finest', 'coarsest']), {
    label: 'Grid of positions',
    hint: 'Of the finest tap, onto which coarse ones are replicated, or of the coarsest, for which fine ones are averaged: a quarter of the positions for each halving, and as much smaller a model.',
    group: 'Gaussians',
    before: 'finest',
  }),
  embedding: setting(z.enum(['channels', 'components']), {
    label: 'What is kept of the features',
    hint: 'channels: a random subset of all taps’ channels, as published. components: the principal components of what varies within categories; nothing is drawn by chance.',
    group: 'Gaussians',
    before: 'channels',
  }),
  channels: setting(z.number().int().min(1).max(1024), {
    label: 'Channels kept',
    hint: 'Or components, of all taps together. Memory and time grow with its square.',
    group: 'Gaussians',
  }),
  gaussians: setting(z.enum(['shared', 'category']), {
    label: 'Gaussians',
    hint: 'shared: one per position for all categories, as published. category: one per position and category; an image is scored by those of the training image that it resembles most. The model grows with the number of categories.',
    group: 'Gaussians',
    before: 'shared',
  }),
  shrinkage: setting(z.number().min(0).max(1000), {
    label: 'Shrinkage',
    hint: 'How much the covariances of a category lean on those within all categories, as if so many of its images were known from there. More suits categories with few images.',
    unit: 'images',
    group: 'Gaussians',
    before: 0,
  }),
  regularization: setting(z.number().gt(0).max(1), {
    label: 'Regularization',
    hint: 'Added to the variance of every channel. Larger values suit few training images. At least 0.0001 with Gaussians of each category.',
    group: 'Gaussians',
  }),
};
const everySetting = z.object(settings);

export type PadimPreset = Readonly<z.infer<typeof everySetting>>;

/** The paper's ResNet-18 configuration: three taps, 100 channels. At 256 px a bundle of 164 MB. */
const PAPER: PadimPreset = {
  ...wholeImage(256),
  strides: [4, 8, 16],
  averagePool: false,
  grid: 'finest',
  embedding: 'channels',
  channels: 100,
  gaussians: 'shared',
  shrinkage: 0,
  regularization: 0.01,
};

/**
 * A sixteenth of the positions, and Gaussians of each category: 5.8 MB for each with `standard`, with the images that it is
 * found by.
 */
const QUICK: PadimPreset = {
  ...PAPER,
  strides: [8, 16],
  averagePool: true,
  grid: 'coarsest',
  embedding: 'components',
  channels: 128,
  gaussians: 'category',
  shrinkage: 10,
};

const presets: Readonly<Record<PresetName, PadimPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** The coarse taps alone: less than 2 MB for each category. */
  edge: { ...QUICK, strides: [16], channels: 64 },
  tiny: { ...QUICK, imageSizePx: 128, channels: 64 },
};

/** Factors of a covariance are then at most 100, and kept as float16, which ends at 65504, with all its digits. */
const LEAST_REGULARIZATION = 1e-4;

/** An ONNX file ends at 2 GB; the backbone needs room too. */
const LARGEST_MODEL_MB = 1800;

/** Seconds for one of a covariance's numbers, and for one of its inversion. */
const COVARIANCE_SECONDS = 1.4e-9;
const INVERSION_SECONDS = 1.2e-9;
const SCORE_SECONDS = 0.01;
/** For one of the numbers of the scatter that components are found in, by tensors; and rounds of finding them. */
const PRODUCT_SECONDS = 5e-10;
const COMPONENT_ROUNDS = 30;

export const padim = defineMethod({
  name: 'padim',
  title: 'PaDiM',
  about:
    'One Gaussian per position, of each category. Suits parts that always lie alike; small models, quick answers.',
  reconstructs: false,
  crossFits: true,
  tilesAre: 'places',
  settings,
  memory: { of: 'machine', growsWith: ['channels', 'imageSizePx'] },
  presets,
  needs: ({ strides, averagePool, gaussians, ...images }) => ({
    ...preparedImages(images),
    labels: gaussians === 'category' ? 'group' : 'none',
    heldOut: false,
    input: { kind: 'tokens', strides, averagePool, access: 'inOrder' },
  }),
  assertLevels(settings, levels) {
    assertRegularization(settings);
    assertPadimModel(settings, levels, 1);
  },
  cost(settings, { levels, images, categoryImages, folded }) {
    const { grid, size } = padimEmbedding(settings, levels);
    const { embedding } = settings;
    const components = componentsPart(settings, levels, categoryImages);
    const positions = grid ** 2;
    const groups = settings.gaussians === 'category' ? categoryImages.length : 1;
    const sums = positions * size ** 2 * COVARIANCE_SECONDS;
    const inversion = groups * positions * size ** 3 * INVERSION_SECONDS;
    const unpacked = groups > 1 ? 8 * positions * size ** 2 : 0;
    const kind = `${size}${groups > 1 ? `/${groups}` : ''}`;
    return {
      scoreSeconds: SCORE_SECONDS,
      scoreBytes: 4 * positions * size * 4 + unpacked,
      size: kind,
      coverage: [readOnce('sums of the images', images)],
      parts: [
        ...(components === null ? [] : [components]),
        {
          ...{ stage: 'fit', part: 'sums of the images', units: images, readImages: images },
          key: `sums/${grid}/${size}/${embedding}`,
          expectedSeconds: images * sums,
        },
        {
          // Leaving one image out is a closed form: the matrices are factorized once more for all.
          ...{ stage: 'fit', part: FOLDS_PART, units: folded, readImages: folded },
          key: `padim-leave-one-out/${grid}/${kind}/${embedding}`,
          expectedSeconds: folded * sums + inversion,
        },
        {
          ...{ stage: 'fit', part: 'Gaussians', units: positions },
          key: `gaussians/${kind}`,
          expectedSeconds: inversion,
        },
      ],
    };
  },
});

/** Images of a category that components are found from: what varies is the same in all. */
export const COMPONENT_IMAGES = 24;
/** What progress is told of meanwhile. */
export const COMPONENTS_PART = 'principal components';

/** Null where features stay as they are, or all of them are kept. */
function componentsPart(
  settings: PadimPreset,
  levels: readonly FeatureLevel[],
  categoryImages: readonly number[],
): RunPart | null {
  const { grid, size } = padimEmbedding(settings, levels);
  const channels = allChannels(levels);
  if (settings.embedding === 'channels' || size === channels) return null;
  const groups = settings.gaussians === 'category' ? categoryImages : [sumOf(categoryImages)];
  const images = sumOf(groups.map((own) => Math.min(own, COMPONENT_IMAGES)));
  return {
    ...{ stage: 'fit', part: COMPONENTS_PART, units: images, readImages: images },
    key: `padim-components/${grid}/${channels}/${size}`,
    expectedSeconds:
      (images + groups.length) * grid ** 2 * channels ** 2 * PRODUCT_SECONDS +
      COMPONENT_ROUNDS * size * channels * (channels + size) * COVARIANCE_SECONDS,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** C: of all taps together. */
export function allChannels(levels: readonly FeatureLevel[]): number {
  return sumOf(levels.map(({ channels }) => channels));
}

/** Training images of a category that others are looked up by, where each category has Gaussians of its own. */
export const ROUTER_IMAGES = 64;

/** Rows of a triangle that are kept together, each as long as the last of them: few blocks, and little above the diagonal. */
const TRIANGLE_BLOCKS = 4;

/** A lower triangle as blocks of rows: from the first to before the last, each with as many columns as `to`. */
export function triangleBlocks(size: number): { readonly from: number; readonly to: number }[] {
  const height = Math.ceil(size / TRIANGLE_BLOCKS);
  return Array.from({ length: Math.ceil(size / height) }, (_, block) => ({
    from: block * height,
    to: Math.min(size, (block + 1) * height),
  }));
}

/** Side of the grid of positions, and D. */
export function padimEmbedding(
  { channels, grid }: Pick<PadimPreset, 'channels' | 'grid'>,
  levels: readonly FeatureLevel[],
): { readonly grid: number; readonly size: number } {
  const finest = embeddingOf(levels, channels);
  if (grid === 'finest') return finest;
  return { ...finest, grid: Math.min(...levels.map((level) => level.grid)) };
}

/** Of a number of a category's factors: float16, or float32 where that is not exact enough. Those that are shared are float32. */
export type FactorBytes = 2 | 4;

/** @param groups Categories with Gaussians of their own; 1 where they are shared. */
export function padimModelBytes(
  settings: Pick<PadimPreset, 'channels' | 'grid'>,
  levels: readonly FeatureLevel[],
  groups: number,
  factorBytes: FactorBytes = 2,
): number {
  const { grid, size } = padimEmbedding(settings, levels);
  if (groups === 1) return 4 * grid ** 2 * size * (size + 1);
  const triangle = triangleBlocks(size).reduce((sum, { from, to }) => sum + (to - from) * to, 0);
  const gaussian = factorBytes * triangle + 4 * size;
  const descriptor = levels.reduce(
    (sum, level) => sum + 4 * descriptorParts(level) ** 2 * level.channels,
    0,
  );
  return groups * (grid ** 2 * gaussian + ROUTER_IMAGES * descriptor);
}

/** @throws DomainError when the Gaussians of a category would be narrower than a model file can say. */
export function assertRegularization({
  gaussians,
  regularization,
}: Pick<PadimPreset, 'gaussians' | 'regularization'>): void {
  if (gaussians === 'shared' || regularization >= LEAST_REGULARIZATION) return;
  throw settingError(
    ['regularization'],
    `With Gaussians of each category it is at least ${LEAST_REGULARIZATION}: their factors are stored as float16, and smaller values make these too large for it. ` +
      `Give regularization=${LEAST_REGULARIZATION} or more, or gaussians=shared.`,
  );
}

/** @throws DomainError when the Gaussians would be more than a model file holds. */
export function assertPadimModel(
  settings: PadimPreset,
  levels: readonly FeatureLevel[],
  groups: number,
  factorBytes: FactorBytes = 2,
): void {
  const tiles = settings.tileRows * settings.tileColumns;
  const bytes = padimModelBytes(settings, levels, groups, factorBytes);
  const needed = Math.ceil((tiles * bytes) / 1e6);
  if (needed <= LARGEST_MODEL_MB) return;
  const { grid } = padimEmbedding(settings, levels);
  const of = groups === 1 ? '' : `${groups} categories with `;
  throw settingError(
    [groups > 1 ? 'gaussians' : tiles === 1 ? 'channels' : 'tileRows'],
    `The Gaussians of ${of}${tiles === 1 ? '' : `${tiles} tiles with `}${grid}×${grid} positions would take ${needed} MB, more than the ${LARGEST_MODEL_MB} MB that a model file holds. ` +
      `Give ${groups > 1 ? 'gaussians=shared, ' : ''}fewer tiles or channels, or choose the preset edge, PatchCore or retrieval.`,
  );
}
