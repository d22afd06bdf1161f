/** @file What the methods share whose networks see pixels and learn from made-up defects: settings, presets and cost. */
import { z } from 'zod';
import type { FitNeeds } from '../../training/fit-needs.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import { batchSizeSetting, budgetSettings, mostStepsSetting } from '../budget-settings.ts';
import {
  type ImageSettings,
  imageSettings,
  preparedImages,
  wholeImage,
} from '../image-settings.ts';
import type { FitCost, PlannedWork } from '../method.ts';
import type { PresetName } from '../preset.ts';

/** Taps that only say an image's category. */
const DESCRIPTOR_STRIDES = [8, 16];

/** Seconds for 10⁹ multiplications of a training step, and of a scored image. */
const STEP_SECONDS = 0.03;
const SCORE_SECONDS = 0.02;

export const pixelTrainingSettings = {
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(2),
};

/** As released, both of them. */
export const RELEASED_PIXELS = {
  ...wholeImage(256),
  width: 128,
  textures: 'mixed',
  stepsPerCategory: 0,
  mostSteps: 1_000_000,
  learningRate: 1e-4,
} as const;

const everySetting = z.object({ ...imageSettings, ...pixelTrainingSettings });
type PixelPreset = Readonly<z.infer<typeof everySetting>> & {
  readonly width: number;
  readonly learningRate: number;
};

export const pixelMethod = {
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'width'] },
} as const;

export function pixelNeeds(preset: ImageSettings): FitNeeds {
  return {
    ...preparedImages(preset),
    ...{ labels: 'none', heldOut: false },
    input: { kind: 'featuresInStep', strides: DESCRIPTOR_STRIDES },
  };
}

/**
 * A quarter of the width and half the side, a sixty-fourth of the work per image, with faster rates for few steps.
 * @param paper As published.
 * @param quick What the smaller ones have beside that.
 */
export function pixelPresets<Preset extends PixelPreset>(
  paper: Preset,
  quick: Partial<Preset> = {},
): Readonly<Record<PresetName, Preset>> {
  const small: Preset = {
    ...paper,
    ...{ imageSizePx: 128, width: 32, batchSize: 4, learningRate: 1e-3 },
    ...{ stepsPerCategory: 200, passes: 2 },
    ...quick,
  };
  return {
    paper,
    quick: small,
    /** An eighth of the width: a quarter of the time of an answer. */
    edge: { ...small, width: 16 },
    tiny: { ...small, width: 16, stepsPerCategory: 50, passes: 1 },
  };
}

export interface PixelNetworks {
  readonly method: string;
  /** What progress is told of. */
  readonly part: string;
  /** Multiplications for an image. */
  readonly forward: number;
  /** For an image. */
  readonly scoreBytes: number;
}

export function pixelCost(
  preset: PixelPreset,
  { method, part, forward, scoreBytes }: PixelNetworks,
  work: PlannedWork,
): FitCost {
  const { batchSize, steps } = plannedSteps(preset, work);
  const size = `${preset.imageSizePx}/${preset.width}`;
  return {
    ...{ scoreSeconds: (forward * SCORE_SECONDS) / 1e9, scoreBytes, size },
    ...trainedPart(
      {
        ...{ part, key: `${method}/${size}/${batchSize}`, batchSize, steps },
        // Forward, and both gradients.
        expectedSeconds: (steps * batchSize * 3 * forward * STEP_SECONDS) / 1e9,
      },
      work,
    ),
  };
}
