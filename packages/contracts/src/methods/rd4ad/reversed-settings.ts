/** @file What the methods share that rebuild features by a reversed network: settings, presets, seconds. */
import { z } from 'zod';
import {
  batchSizeSetting,
  budgetSettings,
  clipNormSetting,
  mostStepsSetting,
} from '../budget-settings.ts';
import { imageSettings, stridesSetting, wholeImage } from '../image-settings.ts';
import type { PresetName } from '../preset.ts';
import { setting } from '../setting.ts';
import { REVERSED_NETWORKS } from './network.ts';

export const reversedSettings = {
  ...imageSettings,
  /** Each twice the one before it. */
  strides: stridesSetting([4, 8, 16, 32]),
  network: setting(z.enum(REVERSED_NETWORKS), {
    label: 'Reversed network',
    hint: 'Whose blocks the network has that rebuilds the features; its channels are the backbone’s. The wide ones are as published, and for a graphics card.',
    group: 'Network',
  }),
  ...budgetSettings,
  mostSteps: mostStepsSetting,
  batchSize: batchSizeSetting(2),
  clipNorm: clipNormSetting,
};
const everySetting = z.object(reversedSettings);

type ReversedPreset = Readonly<z.infer<typeof everySetting>> & { readonly learningRate: number };

/** As released, but for the passes. */
export const RELEASED_REVERSED: Omit<ReversedPreset, 'passes'> = {
  ...wholeImage(256),
  strides: [4, 8, 16],
  network: 'wideResnet50',
  stepsPerCategory: 0,
  mostSteps: 1_000_000,
  batchSize: 16,
  learningRate: 5e-3,
  clipNorm: null,
};

/**
 * @param paper As published.
 * @param quick What the smaller ones have beside basic blocks, small batches, and gradients bounded as in the ADer benchmark: the
 * released rate diverges with some seeds.
 */
export function reversedPresets<Preset extends ReversedPreset>(
  paper: Preset,
  quick: Partial<Preset> = {},
): Readonly<Record<PresetName, Preset>> {
  const small: Preset = {
    ...paper,
    ...{ network: 'resnet18', stepsPerCategory: 60, passes: 1, batchSize: 8, clipNorm: 5 },
    ...quick,
  };
  return {
    paper,
    quick: small,
    /** Half the side: a quarter of the work, in training and when it answers. */
    edge: { ...small, imageSizePx: 128 },
    tiny: { ...small, imageSizePx: 128, stepsPerCategory: 40 },
  };
}

/**
 * Seconds for 10⁹ multiplications of a training step, and for 10⁶ parameters, which Adam follows whatever the images:
 * measured on one core (0.0245, 0.041: 2.1 s a step of 8 images of 256 px, 1.0 s of 128 px), for the two that a run has.
 */
const STEP_SECONDS = 0.014;
const PARAMETER_SECONDS = 0.03;
/** Seconds for 10⁹ multiplications of a scored image. */
const SCORE_SECONDS = 0.02;

/** @param work Multiplications of a step. */
export function reversedStepSeconds(work: number, parameters: number): number {
  return (work * STEP_SECONDS) / 1e9 + (parameters * PARAMETER_SECONDS) / 1e6;
}

/** @param work Multiplications for an image. */
export function reversedScoreSeconds(work: number): number {
  return (work * SCORE_SECONDS) / 1e9;
}
