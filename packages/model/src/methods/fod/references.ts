/** @file The references of a fit, without labels: averages of images that are alike. K references, L tokens, C channels. */
import type { FodPreset } from '@plumbline/contracts';
import { gather, type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { Streams } from '../../training/streams.ts';
import {
  type CenterMaps,
  type CenterMapsOptions,
  centerMaps,
  mostSimilarCenter,
} from '../center-maps.ts';
import type { FeatureLevel } from '../method.ts';

export function fodReferences(
  { references }: Pick<FodPreset, 'references'>,
  categories: number,
  fit: Omit<CenterMapsOptions, 'clusters' | 'random'> & { readonly random: Streams },
): CenterMaps {
  const clusters = references === 0 ? 1 : references * categories;
  return centerMaps({ ...fit, clusters, random: fit.random('references') });
}

/**
 * Of each image, by its features before whitening.
 * @param tokens For each level f32 `[N, L, C]`.
 * @returns For each level f32 `[N, L, C]`, or `[1, L, C]` where there is one reference.
 */
export function referencesOf(
  tokens: readonly Tensor[],
  levels: readonly FeatureLevel[],
  references: CenterMaps,
): Tensor[] {
  const maps = levels.map(({ grid, channels }, level) =>
    tensor(references.levels[level] as Float32Array, [references.count, grid ** 2, channels]),
  );
  if (references.count === 1) return maps;
  const compared = maps.map((map, level) => ({ images: tokens[level] as Tensor, maps: map }));
  const own = mostSimilarCenter(compared);
  return maps.map((map) => gather(map, own));
}
