/** @file Presets and settings of PaDiM (Defard et al., arXiv 2011.08785). */
import { z } from 'zod';
import type { MethodSettings, PresetName } from '../run.ts';
import { strictSettings } from './strict-settings.ts';

export interface PadimPreset {
  readonly imageSizePx: number;
  /** Strides of the feature taps; the finest gives the grid of positions. */
  readonly strides: readonly number[];
  /** Channels kept of all taps together, a random subset (section III-A of the paper). */
  readonly channels: number;
  /** Added to the diagonal of every covariance (section III-B of the paper). */
  readonly regularization: number;
}

/** The paper's ResNet-18 configuration: three taps, 100 channels. At 256 px a bundle of 164 MB. */
const PAPER: PadimPreset = {
  imageSizePx: 256,
  strides: [4, 8, 16],
  channels: 100,
  regularization: 0.01,
};

export const PADIM_PRESETS: Readonly<Record<PresetName, PadimPreset>> = {
  paper: PAPER,
  /** A quarter of the positions: 41 MB. */
  quick: { ...PAPER, strides: [8, 16] },
  /** The coarse grid alone: 4 MB. */
  edge: { ...PAPER, strides: [16], channels: 64 },
  tiny: { ...PAPER, imageSizePx: 128, strides: [8, 16], channels: 64 },
};

const shape = {
  /** Channels kept of all taps together: memory and time grow with their square. */
  channels: z.number().int().min(1).max(1024),
  regularization: z.number().gt(0).max(1),
};

export const PADIM_SETTING_NAMES = Object.keys(shape);
export const padimSettingsSchema = strictSettings('PaDiM', shape).partial();
export type PadimSettings = z.infer<typeof padimSettingsSchema>;

/** A preset with the settings that replace parts of it. */
export function resolvePadim(
  name: PresetName,
  { imageSizePx, padim = {} }: MethodSettings = {},
): PadimPreset {
  const base = PADIM_PRESETS[name];
  return {
    ...base,
    imageSizePx: imageSizePx ?? base.imageSizePx,
    channels: padim.channels ?? base.channels,
    regularization: padim.regularization ?? base.regularization,
  };
}
