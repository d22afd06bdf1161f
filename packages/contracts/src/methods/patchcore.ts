/** @file PatchCore (Roth et al., CVPR 2022, arXiv 2106.08265) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { readOnce } from '../training/coverage.ts';
import { embeddingOf } from '../training/feature-level.ts';
import { FOLDS, FOLDS_PART } from '../training/run-part.ts';
import {
  imageSettings,
  preparedImages,
  rotationSettings,
  stridesSetting,
  wholeImage,
} from './image-settings.ts';
import { defineMethod } from './method.ts';
import { patchSettings } from './patch-settings.ts';
import type { PresetName } from './preset.ts';
import { setting } from './setting.ts';

/** A bank for fewer categories is as large as one for so many: they have room to be varied. */
export const FEW_CATEGORIES = 10;

const settings = {
  ...imageSettings,
  ...rotationSettings,
  /** The finest gives the grid of patches. */
  strides: stridesSetting([4, 8, 16, 32]),
  ...patchSettings,
  bankPerCategory: setting(z.number().int().min(1).max(200_000), {
    label: 'Bank size per category',
    hint: `Patches that the memory bank keeps for each category, and for ${FEW_CATEGORIES} where there are fewer. A larger bank finds more, answers more slowly and makes a larger model.`,
    unit: 'patches',
    group: 'Memory bank',
  }),
  bankMax: setting(z.number().int().min(1).max(200_000), {
    label: 'Bank size, at most',
    hint: 'Patches that the memory bank keeps, however many categories there are.',
    unit: 'patches',
    group: 'Memory bank',
  }),
  bankShare: setting(z.number().gt(0).max(1), {
    label: 'Bank share',
    hint: 'Share of all patches that the memory bank keeps, up to its size.',
    group: 'Memory bank',
  }),
  reservoir: setting(z.number().int().min(1).max(200_000), {
    label: 'Reservoir per category',
    hint: 'Patches of each category that the memory bank is chosen from. Memory and time grow with it.',
    unit: 'patches',
    group: 'Memory bank',
  }),
  neighbors: setting(z.number().int().min(1).max(50), {
    label: 'Nearest patches',
    hint: 'A patch is scored by its mean squared distance to so many patches of the memory bank. More gives steadier scores; 1 is as published.',
    group: 'Scoring',
    before: 1,
  }),
};
const everySetting = z.object(settings);

export type PatchCorePreset = Readonly<z.infer<typeof everySetting>>;

/** Dimensions of the random projection that the coreset is chosen in (released default). */
export const PROJECTED_CHANNELS = 128;
/** Rows of the bank that patches are compared with at once, so that the products of an image stay in the processor's cache. */
export const BANK_ROWS_AT_ONCE = 2048;
/** Random patches whose mean distance starts the greedy choice (released default). */
export const STARTING_POINTS = 10;

/**
 * As released, from the whole image at 256 px; share 0.1 bounded so that a laptop can serve it. The bound of the whole
 * bank is 400 MB of 1024 channels.
 */
const PAPER: PatchCorePreset = {
  ...wholeImage(256),
  rotations: 1,
  strides: [8, 16],
  neighborhood: 'unfold',
  levelChannels: 1024,
  channels: 1024,
  reservoir: 10_000,
  bankShare: 0.1,
  bankPerCategory: 1_000,
  bankMax: 100_000,
  neighbors: 1,
};

const QUICK: PatchCorePreset = {
  ...wholeImage(256),
  rotations: 1,
  strides: [8, 16],
  neighborhood: 'average',
  levelChannels: null,
  channels: null,
  reservoir: 10_000,
  bankShare: 0.1,
  bankPerCategory: 1_000,
  bankMax: 100_000,
  neighbors: 1,
};

const presets: Readonly<Record<PresetName, PatchCorePreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** The coarse grid alone: a quarter of the patches. */
  edge: { ...QUICK, strides: [16], reservoir: 2_000, bankPerCategory: 100 },
  tiny: { ...QUICK, imageSizePx: 128, reservoir: 1_000, bankPerCategory: 100 },
};

/** Seconds for a value of an embedding, for one of a projected patch compared, and for one of a patch scored. */
const EMBED_SECONDS = 2.2e-8;
const COMPARE_SECONDS = 6e-10;
const SCORE_SECONDS = 3e-11;

export const patchcore = defineMethod({
  name: 'patchcore',
  title: 'PatchCore',
  about:
    'Compares patches with a memory of normal ones. The quickest way to a good model; answers more slowly.',
  reconstructs: false,
  crossFits: true,
  tilesAre: 'images',
  settings,
  memory: { of: 'machine', growsWith: ['reservoir', 'bankMax', 'imageSizePx'] },
  presets,
  needs: ({ strides, neighborhood, ...images }) => ({
    ...preparedImages(images),
    labels: 'balance',
    heldOut: false,
    input: {
      ...{ kind: 'tokens', strides, access: 'inOrder' },
      averagePool: neighborhood === 'average',
    },
  }),
  cost(preset, { levels, images, categoryImages, folded }) {
    const { grid, size } = embeddingOf(levels, preset.channels);
    const { neighborhood, reservoir } = preset;
    const seen = images * grid ** 2;
    const bank = patchCoreBankSize(preset, { seen, categories: categoryImages.length });
    const pooled = (count: number) => Math.min(count * grid ** 2, reservoir);
    const pool = categoryImages.reduce((sum, count) => sum + pooled(count), 0);
    const compared = bank * pool;
    const choiceSeconds = compared * PROJECTED_CHANNELS * COMPARE_SECONDS;
    const unfolded = neighborhood === 'unfold' ? 9 : 1;
    const scoreSeconds = bank * grid ** 2 * size * SCORE_SECONDS;
    return {
      scoreSeconds,
      scoreBytes: 4 * grid ** 2 * (2 * Math.min(bank, BANK_ROWS_AT_ONCE) + 3 * size * unfolded),
      size: String(bank),
      coverage: [readOnce('patches of the images', images)],
      parts: [
        {
          ...{ stage: 'fit', part: 'patches of the images', units: images, readImages: images },
          key: `patches/${grid}/${size}/${neighborhood}`,
          expectedSeconds: images * grid ** 2 * size * unfolded * EMBED_SECONDS,
        },
        {
          ...{ stage: 'fit', part: 'memory bank', units: bank },
          key: `bank/${bank}/${images}/${reservoir}/${grid}`,
          expectedSeconds: choiceSeconds,
        },
        {
          ...{ stage: 'fit', part: FOLDS_PART, units: FOLDS },
          readImages: folded,
          key: `patchcore-folds/${bank}/${images}/${reservoir}/${grid}/${size}`,
          expectedSeconds: choiceSeconds + folded * scoreSeconds,
        },
      ],
    };
  },
});

/** Patches that the memory bank is to have. @param seen Patches of all training images. */
export function patchCoreBankSize(
  { bankPerCategory, bankMax, bankShare }: PatchCorePreset,
  { seen, categories }: { readonly seen: number; readonly categories: number },
): number {
  const share = Math.max(1, Math.round(bankShare * seen));
  return Math.min(bankPerCategory * Math.max(FEW_CATEGORIES, categories), bankMax, share);
}
