/**
 * @file What Dinomaly and INP-Former read: a vision transformer's middle blocks as the means of a few groups of them. For
 * convolutional backbones, as variants of our own, the feature taps side by side on one grid.
 */
import { z } from 'zod';
import { DomainError } from '../errors.ts';
import type { FeatureLevel } from '../training/feature-level.ts';
import { FIRST_TOKENS } from '../training/feature-taps.ts';
import type { BlockTaps, FitNeeds } from '../training/fit-needs.ts';
import { imageSettings, keptTokens, stridesSetting } from './image-settings.ts';
import { gridSetting, joinedSize, whiteningSetting } from './joined-levels.ts';
import { setting } from './setting.ts';
import { settingError } from './setting-error.ts';

export const middleMapSettings = {
  ...imageSettings,
  blocks: setting(z.number().int().min(1).max(40), {
    label: 'Blocks',
    hint: 'Of a vision transformer, from its middle, evenly spread.',
    group: 'Features',
  }),
  groups: setting(z.number().int().min(1).max(8), {
    label: 'Groups of blocks',
    hint: 'The blocks are averaged in so many groups, each of which is rebuilt and scored.',
    group: 'Features',
  }),
  joinLevels: setting(z.boolean(), {
    label: 'Join the taps of a convolutional backbone',
    hint: 'Rebuilds them side by side on one grid, a variant that is not published; without it the backbone must be a vision transformer.',
    group: 'Features',
  }),
  strides: stridesSetting([4, 8, 16, 32]),
  grid: gridSetting,
  whitening: whiteningSetting,
};

export const decoderSettings = {
  layers: setting(z.number().int().min(1).max(24), {
    label: 'Layers of the decoder',
    hint: 'At least as many as maps are rebuilt.',
    group: 'Network',
  }),
  headChannels: setting(z.number().int().min(1).max(1024), {
    label: 'Channels of a head',
    hint: 'Of attention, about: heads divide the width.',
    group: 'Network',
  }),
};

const everySetting = z.object({ ...middleMapSettings, ...decoderSettings });
type MapSettings = Readonly<z.infer<typeof everySetting>>;

/** A network that rebuilds maps of one size. T = grid² patches, C channels. */
export interface MapNetwork {
  readonly grid: number;
  /** C, the width of all of it. */
  readonly channels: number;
  readonly heads: number;
  readonly layers: number;
  /** Maps that are rebuilt, each by as many layers. */
  readonly maps: number;
  /** Tokens that stand before the patches. */
  readonly firstTokens: number;
}

/** The levels that are maps, without what stands before the patches. */
export function patchLevels(levels: readonly FeatureLevel[]): FeatureLevel[] {
  return levels.filter(({ tap }) => tap !== FIRST_TOKENS);
}

/** Whether levels are maps of one size, as those of a vision transformer; others are joined. */
export function areAlike(levels: readonly FeatureLevel[]): boolean {
  return new Set(patchLevels(levels).map(({ grid, channels }) => `${grid} ${channels}`)).size === 1;
}

export function mapNetwork(
  preset: Pick<MapSettings, 'grid' | 'layers' | 'headChannels'>,
  levels: readonly FeatureLevel[],
): MapNetwork {
  const patches = patchLevels(levels);
  const isAlike = areAlike(levels);
  const { grid, channels } = isAlike
    ? (patches[0] as FeatureLevel)
    : joinedSize(preset.grid, patches);
  const first = levels.find(({ tap }) => tap === FIRST_TOKENS);
  return {
    ...{ grid, channels, layers: preset.layers, maps: isAlike ? patches.length : 1 },
    heads: headsOf(channels, preset.headChannels),
    firstTokens: first === undefined ? 0 : first.channels / channels,
  };
}

/** The most heads that divide the width and have at least so many channels each, about. */
function headsOf(channels: number, headChannels: number): number {
  let heads = Math.max(1, Math.round(channels / headChannels));
  while (channels % heads !== 0) heads--;
  return heads;
}

/** Tokens of an image. */
export function mapTokens({ grid, firstTokens }: MapNetwork): number {
  return grid ** 2 + firstTokens;
}

export function middleMapNeeds(
  preset: Parameters<typeof keptTokens>[0] & Pick<MapSettings, 'joinLevels' | 'blocks' | 'groups'>,
  firstTokens: BlockTaps['firstTokens'],
): FitNeeds {
  const { blocks: count, groups, joinLevels } = preset;
  const strides = joinLevels ? preset.strides : [];
  return keptTokens({ ...preset, strides }, { count, groups, firstTokens });
}

/**
 * @param title Of the method.
 * @throws DomainError when the backbone is no vision transformer and its taps are not to be joined; naming the setting when
 * the layers can't be split between the maps.
 */
export function assertMapLevels(
  title: string,
  preset: Pick<MapSettings, 'joinLevels' | 'layers' | 'groups' | 'grid' | 'headChannels'>,
  levels: readonly FeatureLevel[],
): void {
  const { joinLevels, layers, groups } = preset;
  if (!joinLevels && !(areAlike(levels) && patchLevels(levels).length === groups))
    throw new DomainError(
      'INVALID_INPUT',
      `${title} as published reads the middle blocks of a vision transformer; these feature taps are not ${groups} averages of such blocks.`,
      {
        field: 'backbone',
        fix: 'Fetch one with "plumb backbones fetch vit_base_patch14_reg4_dinov2" and name it as the backbone (docs/backbones.md), of an ONNX file name the blocks as feature taps, or set joinLevels, as the preset quick does.',
      },
    );
  const { maps } = mapNetwork(preset, levels);
  if (layers % maps === 0) return;
  throw settingError(
    ['layers'],
    `${layers} layers can't be split between ${maps} maps. Give a multiple of ${maps}.`,
  );
}

/** Multiplications of an image's way through the bottleneck and the layers. */
function mapWork(network: MapNetwork): number {
  const { channels: d, layers, heads } = network;
  // Projections and the two layers of the perceptron; keys by values, queries by that.
  return mapTokens(network) * (8 * d ** 2 + layers * (12 * d ** 2 + (2 * d ** 2) / heads));
}

/** Seconds of two cores for 10⁹ multiplications of a training step, for 10⁶ values of its tokens in a layer, and for 10⁶ parameters. */
const WORK_SECONDS = 0.0165;
const VALUE_SECONDS = 0.02;
const PARAMETER_SECONDS = 0.02;

/** Forward and both gradients, which cost three times as much as scoring. */
function imageSeconds(network: MapNetwork): number {
  const values = mapTokens(network) * network.channels * (network.layers + 2);
  return (3 * mapWork(network) * WORK_SECONDS) / 1e9 + (values * VALUE_SECONDS) / 1e6;
}

export function mapStepSeconds(network: MapNetwork, batchSize: number): number {
  const { channels, layers } = network;
  // All but biases and norms.
  const parameters = channels ** 2 * (8 + 12 * layers);
  return batchSize * imageSeconds(network) + (parameters * PARAMETER_SECONDS) / 1e6;
}

/** Of an image, beside the backbone. */
export function mapScoreSeconds(network: MapNetwork): number {
  return imageSeconds(network) / 3;
}

export function mapScoreBytes(network: MapNetwork): number {
  return 4 * mapTokens(network) * network.channels * (12 + network.layers);
}
