/**
 * @file Configuration of RLR (He et al., ECCV 2024, arXiv 2403.11561) and its presets. A feature level is one tap of
 * the backbone with a network of its own.
 */
import { DomainError, type PresetName } from '@plumbline/contracts';

/**
 * Attention blocks: `mca` local cross attention to the reference, `nsa` masked learnable key attention; the others
 * are the paper's ablations (`ca` cross attention, `msa` neighbor-masked and `sa` plain self attention).
 */
export type BlockName = 'mca' | 'ca' | 'msa' | 'nsa' | 'sa';

/** Order in which the released code evaluates, and therefore numbers, the blocks. */
export const BLOCK_ORDER: readonly BlockName[] = ['mca', 'ca', 'msa', 'nsa', 'sa'];

export interface RlrNetworkConfig {
  /** Side of the token grid. */
  readonly grid: number;
  /** Channels of the feature map. */
  readonly channels: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly window: number;
  readonly blocks: readonly BlockName[];
  readonly gate: 'none' | 'gate' | 'net';
  /** Reference maps, each `[grid², channels]`. */
  readonly referenceLength: number;
  /** Adds the mean cosine between reference maps to the loss. */
  readonly referenceLoss: boolean;
}

export interface RlrPreset {
  readonly imageSizePx: number;
  readonly layers: number;
  readonly heads: number;
  readonly jitterScale: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Cosine decay to 0 over the level's steps; constant otherwise. */
  readonly cosineDecay: boolean;
  readonly weightDecay: number;
  /** Training of a level by the side of its grid. */
  readonly levels: Readonly<Record<number, RlrLevelPreset>>;
}

export interface RlrLevelPreset {
  readonly width: number;
  readonly epochs: number;
  readonly minSteps: number;
  readonly maxSteps: number;
}

/** Neighborhood by grid side: 5, 7 and 11 are the released ones; 8 is ours for small images. */
const WINDOWS: Readonly<Record<number, number>> = { 8: 3, 16: 5, 32: 7, 64: 11 };

/** Window side for a grid. @throws DomainError for a grid the method has no window for. */
export function windowFor(grid: number): number {
  const window = WINDOWS[grid];
  if (window === undefined) {
    throw new DomainError(
      'INVALID_INPUT',
      `RLR has no attention window for a ${grid}×${grid} feature grid.`,
      {
        field: 'featureTaps',
        fix: 'Choose feature taps of stride 8 and 16, which give 32×32 and 16×16 grids.',
      },
    );
  }
  return window;
}

/** The released README's configuration: days on a CPU, hours on a GPU. */
const PAPER: RlrPreset = {
  imageSizePx: 256,
  layers: 4,
  heads: 8,
  jitterScale: 4,
  batchSize: 4,
  learningRate: 1e-4,
  cosineDecay: false,
  weightDecay: 0,
  levels: {
    64: { width: 128, epochs: 200, minSteps: 1, maxSteps: 1_000_000 },
    32: { width: 256, epochs: 200, minSteps: 1, maxSteps: 1_000_000 },
    16: { width: 512, epochs: 200, minSteps: 1, maxSteps: 1_000_000 },
  },
};

/** Ten categories in under twenty minutes on two cores: narrower, half as deep, ten times the learning rate with decay. */
const QUICK: RlrPreset = {
  imageSizePx: 256,
  layers: 2,
  heads: 8,
  jitterScale: 4,
  batchSize: 8,
  learningRate: 1e-3,
  cosineDecay: true,
  weightDecay: 1e-4,
  levels: {
    64: { width: 64, epochs: 1, minSteps: 20, maxSteps: 40 },
    32: { width: 128, epochs: 2, minSteps: 60, maxSteps: 160 },
    16: { width: 256, epochs: 20, minSteps: 500, maxSteps: 1200 },
  },
};

/** Smallest and fastest at inference: the coarse level alone matters, one layer. */
const EDGE: RlrPreset = {
  ...QUICK,
  layers: 1,
  levels: {
    64: { width: 32, epochs: 1, minSteps: 20, maxSteps: 40 },
    32: { width: 64, epochs: 2, minSteps: 60, maxSteps: 160 },
    16: { width: 128, epochs: 20, minSteps: 500, maxSteps: 1200 },
  },
};

/** A few minutes for six small categories: for trying the platform out, not for production. */
const TINY: RlrPreset = {
  imageSizePx: 128,
  layers: 2,
  heads: 8,
  jitterScale: 4,
  batchSize: 8,
  learningRate: 1e-3,
  cosineDecay: true,
  weightDecay: 1e-4,
  levels: {
    32: { width: 64, epochs: 2, minSteps: 20, maxSteps: 60 },
    16: { width: 128, epochs: 20, minSteps: 300, maxSteps: 400 },
    8: { width: 192, epochs: 60, minSteps: 900, maxSteps: 1200 },
  },
};

export const RLR_PRESETS: Readonly<Record<PresetName, RlrPreset>> = {
  paper: PAPER,
  quick: QUICK,
  edge: EDGE,
  tiny: TINY,
};

/** The network for a feature map of `channels` on a `grid`×`grid` grid under a preset. */
export function networkConfig(preset: RlrPreset, grid: number, channels: number): RlrNetworkConfig {
  const window = windowFor(grid);
  return {
    grid,
    channels,
    width: levelPreset(preset, grid).width,
    layers: preset.layers,
    heads: preset.heads,
    window,
    blocks: ['mca', 'nsa'],
    gate: 'none',
    referenceLength: 1,
    referenceLoss: false,
  };
}

export function levelPreset(preset: RlrPreset, grid: number): RlrLevelPreset {
  const level = preset.levels[grid];
  if (level === undefined) {
    throw new DomainError(
      'INVALID_INPUT',
      `This preset has no settings for a ${grid}×${grid} feature grid.`,
      {
        field: 'featureTaps',
        fix: `Choose feature taps whose grids at ${preset.imageSizePx} px are among ${Object.keys(preset.levels).join(', ')}.`,
      },
    );
  }
  return level;
}
