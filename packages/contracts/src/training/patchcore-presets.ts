/** @file Presets and settings of PatchCore (Roth et al., CVPR 2022, arXiv 2106.08265). */
import { z } from 'zod';
import type { MethodSettings, PresetName } from '../run.ts';
import { strictSettings } from './strict-settings.ts';

export interface PatchCorePreset {
  readonly imageSizePx: number;
  /** Strides of the feature taps; the finest gives the grid of patches. */
  readonly strides: readonly number[];
  /**
   * How a patch takes in its 3×3 neighborhood: `unfold` pools all nine vectors to `levelChannels` as released;
   * `average` is the same pooled to the channels of the feature map, at a fraction of the cost.
   */
  readonly neighborhood: 'unfold' | 'average';
  /** Channels of each level after pooling; those of the feature map when null. */
  readonly levelChannels: number | null;
  /** Channels of the embedding, pooled from all levels together; their sum when null. */
  readonly channels: number | null;
  /** Patches of each category that the coreset is chosen from. */
  readonly reservoir: number;
  /** Share of all patches seen that the memory bank keeps, and the most that it may keep. */
  readonly bankShare: number;
  readonly bankMax: number;
}

/** Dimensions of the random projection that the coreset is chosen in (released default). */
export const PROJECTED_CHANNELS = 128;
/** Random patches whose mean distance starts the greedy choice (released default). */
export const STARTING_POINTS = 10;

/** As released, from the whole image at 256 px; share 0.1 bounded so that a laptop can serve it. */
const PAPER: PatchCorePreset = {
  imageSizePx: 256,
  strides: [8, 16],
  neighborhood: 'unfold',
  levelChannels: 1024,
  channels: 1024,
  reservoir: 10_000,
  bankShare: 0.1,
  bankMax: 10_000,
};

const QUICK: PatchCorePreset = {
  imageSizePx: 256,
  strides: [8, 16],
  neighborhood: 'average',
  levelChannels: null,
  channels: null,
  reservoir: 10_000,
  bankShare: 0.1,
  bankMax: 10_000,
};

export const PATCHCORE_PRESETS: Readonly<Record<PresetName, PatchCorePreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** The coarse grid alone: a quarter of the patches. */
  edge: { ...QUICK, strides: [16], reservoir: 2_000, bankMax: 1_000 },
  tiny: { ...QUICK, imageSizePx: 128, reservoir: 1_000, bankMax: 1_000 },
};

const shape = {
  /** Share of all patches that the memory bank keeps, up to `bankMax`. */
  bankShare: z.number().gt(0).max(1),
  /** Most patches that the memory bank keeps: more finds more and answers more slowly. */
  bankMax: z.number().int().min(1).max(200_000),
  /** Patches of each category that the memory bank is chosen from. */
  reservoir: z.number().int().min(1).max(200_000),
};

export const PATCHCORE_SETTING_NAMES = Object.keys(shape);
export const patchCoreSettingsSchema = strictSettings('PatchCore', shape).partial();
export type PatchCoreSettings = z.infer<typeof patchCoreSettingsSchema>;

/** A preset with the settings that replace parts of it. */
export function resolvePatchCore(
  name: PresetName,
  { imageSizePx, patchcore = {} }: MethodSettings = {},
): PatchCorePreset {
  const base = PATCHCORE_PRESETS[name];
  return {
    ...base,
    imageSizePx: imageSizePx ?? base.imageSizePx,
    bankShare: patchcore.bankShare ?? base.bankShare,
    bankMax: patchcore.bankMax ?? base.bankMax,
    reservoir: patchcore.reservoir ?? base.reservoir,
  };
}

/** Patches that the memory bank is to have, of all that are seen. */
export function patchCoreBankSize({ bankMax, bankShare }: PatchCorePreset, seen: number): number {
  return Math.min(bankMax, Math.max(1, Math.round(bankShare * seen)));
}
