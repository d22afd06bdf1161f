/**
 * @file Maps of a frozen backbone that a decoder rebuilds loosely, as Dinomaly and INP-Former do: what goes in, what is to
 * come out, and how far apart the two are. N images, T = grid² patches, F tokens before them, C channels.
 */
import { type FeatureLevel, type MapNetwork, mapNetwork, patchLevels } from '@plumbline/contracts';
import {
  addN,
  concat,
  div,
  mean,
  relu,
  reshape,
  slice,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { cosineSimilarity } from '../nn/layers.ts';
import { joinLevels, whiteningsOf } from './join-levels.ts';
import type { FeatureSource, MapRule } from './method.ts';
import { type Whitening, whitened } from './whitening.ts';

export interface MapModel {
  readonly network: MapNetwork;
  /** The tokens before the patches are the last one, where there are any. */
  readonly levels: readonly FeatureLevel[];
  /** Of each level of patches; null where features stay as they are. */
  readonly whitenings: readonly (Whitening | null)[];
}

/** @param features Training images, which the whitening is made from. */
export function planMaps(
  preset: Parameters<typeof mapNetwork>[0] & { readonly whitening: boolean },
  levels: readonly FeatureLevel[],
  features: FeatureSource,
): MapModel {
  const whitenings = whiteningsOf(preset, patchLevels(levels), features);
  return { network: mapNetwork(preset, levels), levels, whitenings };
}

export interface GivenMaps {
  /** What the network reads, the mean of the maps behind the first tokens: f32 `[N, F + T, C]`. */
  readonly input: Tensor;
  /** What it is to rebuild: f32 `[N, T, C]` each. */
  readonly targets: readonly Tensor[];
}

/** @param inputs `tokens0…` f32 `[N, L, C]`. */
export function mapsOf(
  { network, levels, whitenings }: MapModel,
  inputs: Readonly<Record<string, Tensor>>,
): GivenMaps {
  const patches = patchLevels(levels);
  const targets =
    network.maps === patches.length
      ? patches.map((_, level) =>
          whitened(inputs[`tokens${level}`] as Tensor, whitenings[level] ?? null),
        )
      : [joinLevels(inputs, { levels: patches, whitenings }, network.grid)];
  const average = averageOf(targets);
  if (network.firstTokens === 0) return { input: average, targets };
  const first = reshape(inputs[`tokens${patches.length}`] as Tensor, [
    ...[-1, network.firstTokens, network.channels],
  ]);
  return { input: concat([first, average], 1), targets };
}

/**
 * What is rebuilt: the means of as many groups of layers as there are maps, the last layers for the shallowest map.
 * @param outputs Of each layer, f32 `[N, F + T, C]`. @returns f32 `[N, T, C]` each.
 */
export function rebuiltOf(outputs: readonly Tensor[], { maps, firstTokens }: MapNetwork): Tensor[] {
  const reversed = outputs.toReversed();
  const size = reversed.length / maps;
  return Array.from({ length: maps }, (_, map) => {
    const average = averageOf(reversed.slice(map * size, (map + 1) * size));
    if (firstTokens === 0) return average;
    const [n = 1, tokens = 1, channels = 1] = average.shape;
    return slice(average, [0, firstTokens, 0], [n, tokens - firstTokens, channels]);
  });
}

function averageOf(tensors: readonly Tensor[]): Tensor {
  const [only] = tensors as [Tensor];
  return tensors.length === 1 ? only : div(addN([...tensors]), tensors.length);
}

/** 1 − cos of whole maps, mean over images and maps: 0 to 2. f32 `[N, T, C]` each. @returns Scalar. */
export function mapsLoss(targets: readonly Tensor[], rebuilt: readonly Tensor[]): Tensor {
  const flat = (x: Tensor) => reshape(x, [x.shape[0] ?? 1, x.size / (x.shape[0] ?? 1)]);
  const cosines = targets.map((target, map) =>
    mean(cosineSimilarity(flat(target), flat(rebuilt[map] as Tensor))),
  );
  return sub(1, averageOf(cosines));
}

/** 1 − cos at each patch. f32 `[N, T, C]` each. @returns f32 `[N, T]`. */
export function patchDistances(target: Tensor, rebuilt: Tensor): Tensor {
  // Rounding makes some cosines larger than 1.
  return relu(sub(1, cosineSimilarity(target, rebuilt)));
}

/** `scores0…` of a scoring graph, by map. */
export function mapScores(
  targets: readonly Tensor[],
  rebuilt: readonly Tensor[],
): Record<string, Tensor> {
  return Object.fromEntries(
    targets.map((target, map) => [`scores${map}`, patchDistances(target, rebuilt[map] as Tensor)]),
  );
}

/** Side of the maps that the released code smooths and scores; its kernel there: 5×5 of σ 4, nearly a mean. */
const RELEASED = { side: 256, sigma: 4, radius: 2, share: 0.01 };

/** As released, scaled to the size of the map. */
export function releasedMapRule({ grid, maps }: MapNetwork, imageSizePx: number): MapRule {
  const scale = imageSizePx / RELEASED.side;
  return {
    grids: Array.from({ length: maps }, () => grid),
    alignCorners: true,
    smoothed: true,
    sigma: RELEASED.sigma * scale,
    radius: Math.max(1, Math.round(RELEASED.radius * scale)),
    imageScore: { kind: 'topShare', share: RELEASED.share },
  };
}

/** The same in words, for the manifest. */
export const RELEASED_SCORE = {
  score:
    '1 − cos(map, rebuilt), mean over the maps; the image score is the mean of the largest 1 % of the smoothed map',
  smoothedMap: 'a Gaussian cut off at half its sigma, as wide as the released 5×5 at 256 px',
} as const;
