/**
 * @file Configuration of RLR (He et al., ECCV 2024, arXiv 2403.11561): a preset with the settings that replace parts of
 * it, and the network of a feature level. A feature level is one tap of the backbone with a network of its own.
 */
import { DomainError } from '../errors.ts';
import type { PresetName } from '../run.ts';
import { RLR_PRESETS, type RlrLevelPreset, type RlrPreset } from './rlr-presets.ts';
import { RLR_BLOCKS, type RlrSettings, rlrSettingsSchema } from './rlr-settings.ts';

export type RlrBlockName = (typeof RLR_BLOCKS)[number];

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

/** Neighborhood by grid side: 5, 7 and 11 are the released ones; 8 is ours for small images. */
const WINDOWS: Readonly<Record<number, number>> = { 8: 3, 16: 5, 32: 7, 64: 11 };

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

/**
 * A preset with the settings that replace parts of it.
 * @throws DomainError naming the setting, and the choices, when one is not acceptable.
 */
export function resolveRlrPreset(name: PresetName, settings: RlrSettings = {}): RlrPreset {
  const parsed = rlrSettingsSchema.safeParse(settings);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw settingError(issue?.path.join('.') ?? '', issue?.message ?? 'It is not acceptable.');
  }
  const { widths, steps, ...rest } = parsed.data;
  const given = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  ) as Partial<RlrPreset>;
  const base = { ...RLR_PRESETS[name], ...given };
  const levels = Object.fromEntries(
    Object.entries(base.levels).map(([grid, level]) => [
      grid,
      replaceLevel(level, widths?.[grid as '16'], steps?.[grid as '16']),
    ]),
  );
  const preset = { ...base, levels };
  if (preset.referenceLoss && preset.referenceLength === 1)
    throw settingError('referenceLoss', 'It compares references: set referenceLength above 1.');
  return preset;
}

function replaceLevel(
  level: RlrLevelPreset,
  width: number | undefined,
  steps: number | undefined,
): RlrLevelPreset {
  return {
    ...level,
    ...(width === undefined ? {} : { width }),
    ...(steps === undefined ? {} : { minSteps: steps, maxSteps: steps }),
  };
}

function settingError(setting: string, message: string): DomainError {
  const field = setting === '' ? 'rlr' : `rlr.${setting}`;
  return new DomainError('INVALID_INPUT', setting === '' ? message : `${setting}: ${message}`, {
    field,
    fix: 'Leave it out to keep what the preset has.',
  });
}

/** The network for a feature map of `channels` on a `grid`×`grid` grid under a preset. */
export function rlrNetworkConfig(
  preset: RlrPreset,
  grid: number,
  channels: number,
): RlrNetworkConfig {
  const window = rlrWindowFor(grid);
  const { width } = rlrLevelPreset(preset, grid);
  if (width % preset.heads !== 0 || width % 4 !== 0)
    throw settingError(
      'heads',
      `The ${grid}×${grid} level has a width of ${width}, which is no multiple of ${preset.heads} heads.`,
    );
  return {
    grid,
    channels,
    width,
    layers: preset.layers,
    heads: preset.heads,
    window,
    blocks: RLR_BLOCKS.filter((block) => preset.blocks.includes(block)),
    gate: preset.gate,
    referenceLength: preset.referenceLength,
    referenceMode: preset.referenceMode,
    referenceLoss: preset.referenceLoss,
  };
}

export function rlrLevelPreset(preset: RlrPreset, grid: number): RlrLevelPreset {
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
