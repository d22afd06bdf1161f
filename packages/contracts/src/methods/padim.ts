/** @file PaDiM (Defard et al., arXiv 2011.08785) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { readOnce } from '../training/coverage.ts';
import { embeddingOf } from '../training/feature-level.ts';
import { FOLDS_PART } from '../training/run-part.ts';
import { imageSettings, preparedImages, stridesSetting, wholeImage } from './image-settings.ts';
import { defineMethod } from './method.ts';
import type { PresetName } from './preset.ts';
import { setting } from './setting.ts';
import { settingError } from './setting-error.ts';

const settings = {
  ...imageSettings,
  /** The finest gives the grid of positions. */
  strides: stridesSetting([4, 8, 16, 32]),
  averagePool: setting(z.boolean(), {
    label: 'Average pooling of the features',
    hint: 'Over 3×3 places, before the Gaussians are fitted: what lies a little elsewhere in every image then counts as alike. Not as published.',
    group: 'Features',
    before: false,
  }),
  channels: setting(z.number().int().min(1).max(1024), {
    label: 'Channels kept',
    hint: 'A random subset of the channels of all taps together. Memory and time grow with its square.',
    group: 'Gaussians',
  }),
  regularization: setting(z.number().gt(0).max(1), {
    label: 'Regularization',
    hint: 'Added to the variance of every channel. Larger values suit few training images.',
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
  channels: 100,
  regularization: 0.01,
};

/** A quarter of the positions: 41 MB. */
const QUICK: PadimPreset = { ...PAPER, strides: [8, 16], averagePool: true };

const presets: Readonly<Record<PresetName, PadimPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** The coarse grid alone: 4 MB. */
  edge: { ...QUICK, strides: [16], channels: 64 },
  tiny: { ...QUICK, imageSizePx: 128, channels: 64 },
};

/** An ONNX file ends at 2 GB; the backbone needs room too. */
const LARGEST_MODEL_MB = 1800;

/** Seconds for one of a covariance's numbers, and for one of its inversion. */
const COVARIANCE_SECONDS = 1.4e-9;
const INVERSION_SECONDS = 1.2e-9;
const SCORE_SECONDS = 0.01;

export const padim = defineMethod({
  name: 'padim',
  title: 'PaDiM',
  about: 'One Gaussian per position. Suits few, well-aligned categories.',
  reconstructs: false,
  crossFits: true,
  tilesAre: 'places',
  settings,
  memory: { of: 'machine', growsWith: ['channels', 'imageSizePx'] },
  presets,
  needs: ({ strides, averagePool, ...images }) => ({
    ...preparedImages(images),
    labels: 'none',
    heldOut: false,
    input: { kind: 'tokens', strides, averagePool, access: 'inOrder' },
  }),
  assertLevels(settings, levels) {
    const { grid, size } = embeddingOf(levels, settings.channels);
    const tiles = settings.tileRows * settings.tileColumns;
    const needed = Math.ceil((4 * tiles * grid ** 2 * size * (size + 1)) / 1e6);
    if (needed <= LARGEST_MODEL_MB) return;
    throw settingError(
      [tiles === 1 ? 'channels' : 'tileRows'],
      `The Gaussians of ${tiles === 1 ? '' : `${tiles} tiles with `}${grid}×${grid} positions would take ${needed} MB, more than the ${LARGEST_MODEL_MB} MB that a model file holds. Give fewer tiles or channels, or choose the preset edge, PatchCore or retrieval.`,
    );
  },
  cost({ channels }, { levels, images, folded }) {
    const { grid, size } = embeddingOf(levels, channels);
    const positions = grid ** 2;
    const sums = positions * size ** 2 * COVARIANCE_SECONDS;
    const inversion = positions * size ** 3 * INVERSION_SECONDS;
    return {
      scoreSeconds: SCORE_SECONDS,
      scoreBytes: 4 * positions * size * 4,
      size: String(channels),
      coverage: [readOnce('sums of the images', images)],
      parts: [
        {
          ...{ stage: 'fit', part: 'sums of the images', units: images, readImages: images },
          key: `sums/${grid}/${size}`,
          expectedSeconds: images * sums,
        },
        {
          // Leaving one image out is a closed form: the matrices are factorized once more for all.
          ...{ stage: 'fit', part: FOLDS_PART, units: folded, readImages: folded },
          key: `padim-leave-one-out/${grid}/${size}`,
          expectedSeconds: folded * sums + inversion,
        },
        {
          ...{ stage: 'fit', part: 'Gaussians', units: positions },
          key: `gaussians/${size}`,
          expectedSeconds: inversion,
        },
      ],
    };
  },
});
