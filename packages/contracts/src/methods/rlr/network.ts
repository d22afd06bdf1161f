/**
 * @file The network of a feature level of RLR. A feature level is one tap of the backbone with a network of its own.
 */
import { DomainError } from '../../errors.ts';
import { settingError } from '../setting-error.ts';
import type { RlrLevelPreset, RlrPreset } from './presets.ts';
import { RLR_BLOCKS, type RlrBlockName } from './settings.ts';

export interface RlrNetworkConfig {
  /** Side of the token grid. */
  readonly grid: number;
  /** Channels of the feature map. */
  readonly channels: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly window: number;
  readonly blocks: readonly RlrBlockName[];
  readonly gate: 'none' | 'gate' | 'net';
  /** Reference maps, each `[grid², channels]`. */
  readonly referenceLength: number;
  /**
   * With several reference maps: `fixed` sums every block over all of them; `released` is the released code, whose loop
   * variable shadows the references, so that all blocks but `mca` see the last one alone.
   */
  readonly referenceMode: 'fixed' | 'released';
  /** Adds the mean cosine between reference maps to the loss. */
  readonly referenceLoss: boolean;
}

/** Neighborhood by grid side: those of 16, 32 and 64 are the released ones, the others lie between. */
const WINDOWS: Readonly<Record<number, number>> = {
  ...{ 8: 3, 16: 5, 24: 7, 28: 7, 32: 7, 48: 9, 56: 9, 64: 11 },
};
/** Sides of the grids that it can be trained on. */
export const RLR_GRIDS: readonly number[] = Object.keys(WINDOWS).map(Number);

/** Window side for a grid. @throws DomainError for a grid the method has no window for. */
export function rlrWindowFor(grid: number): number {
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

/** The network for a feature map of `channels` on a `grid`×`grid` grid under a preset. */
export function rlrNetworkConfig(
  preset: RlrPreset,
  grid: number,
  channels: number,
): RlrNetworkConfig {
  const window = rlrWindowFor(grid);
  const { width } = rlrLevelPreset(preset, grid);
  const like = likeGrid(preset, grid);
  const isLocal = preset.localGrids.some((side) => [grid, like].includes(Number(side)));
  const blocks: readonly RlrBlockName[] = isLocal ? ['mca'] : preset.blocks;
  if (width % preset.heads !== 0 || width % 4 !== 0)
    throw settingError(
      ['heads'],
      `The ${grid}×${grid} level has a width of ${width}, which is not a multiple of ${preset.heads} heads.`,
    );
  return {
    grid,
    channels,
    width,
    layers: preset.layers,
    heads: preset.heads,
    window,
    blocks: RLR_BLOCKS.filter((block) => blocks.includes(block)),
    gate: preset.gate,
    referenceLength: preset.referenceLength,
    referenceMode: preset.referenceMode,
    referenceLoss: preset.referenceLoss,
  };
}

/** A grid that the preset does not name is trained as the next larger one that it does, or as its largest. */
function likeGrid({ levels }: RlrPreset, grid: number): number {
  const named = Object.keys(levels)
    .map(Number)
    .sort((a, b) => a - b);
  return named.find((side) => side >= grid) ?? named.at(-1) ?? grid;
}

export function rlrLevelPreset(preset: RlrPreset, grid: number): RlrLevelPreset {
  return preset.levels[likeGrid(preset, grid)] as RlrLevelPreset;
}
