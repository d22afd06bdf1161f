/** @file Presets of PaDiM (Defard et al., arXiv 2011.08785). */
import type { PresetName } from '@plumbline/contracts';

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
