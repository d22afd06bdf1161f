/**
 * @file Averages of images that are alike, found without labels: what a method compares an image with whose category it is not
 * told. K centers, N images, L places of a level, C channels.
 */
import {
  addN,
  argMax,
  div,
  matMul,
  maximum,
  reshape,
  sqrt,
  square,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';
import type { RandomStream } from '../nn/random.ts';
import { kMeans } from './k-means.ts';
import type { FeatureSource } from './method.ts';
import type { PlacedLevel } from './step-feeds.ts';

export interface CenterMaps {
  /** K. */
  readonly count: number;
  /** Of each level f32 `[K, L, C]`. */
  readonly levels: readonly Float32Array[];
}

export interface CenterMapsOptions {
  readonly levels: readonly PlacedLevel[];
  readonly features: FeatureSource;
  /** K, at most. */
  readonly clusters: number;
  readonly random: RandomStream;
  readonly signal?: AbortSignal | undefined;
}

/** Means of the groups that k-means makes of the images' average features. */
export function centerMaps(options: CenterMapsOptions): CenterMaps {
  const { levels, features, random } = options;
  const clusters = Math.min(features.count, Math.max(1, options.clusters));
  const of =
    clusters === 1
      ? new Int32Array(features.count)
      : kMeans(describeImages(options), features.count, clusters, random);
  const count = 1 + of.reduce((largest, center) => Math.max(largest, center), 0);
  return { count, levels: levels.map((_, level) => meanMaps(options, level, { of, count })) };
}

/** Each level's mean over its places, divided by its norm: f32 `[images, ΣC]`. */
function describeImages({ levels, features, signal }: CenterMapsOptions): Float32Array {
  const size = levels.reduce((total, { channels }) => total + channels, 0);
  const points = new Float32Array(features.count * size);
  let offset = 0;
  for (const [level, { grid, channels }] of levels.entries()) {
    const tokens = new Float32Array(grid ** 2 * channels);
    for (let image = 0; image < features.count; image++) {
      signal?.throwIfAborted();
      features.read(level, Int32Array.of(image), tokens);
      const mean = points.subarray(image * size + offset, image * size + offset + channels);
      for (const [i, value] of tokens.entries()) mean[i % channels]! += value;
      const norm = Math.sqrt(mean.reduce((total, value) => total + value * value, 0));
      for (const [i, value] of mean.entries()) mean[i] = value / Math.max(norm, SMALLEST_NORM);
    }
    offset += channels;
  }
  return points;
}

function meanMaps(
  { levels, features, signal }: CenterMapsOptions,
  level: number,
  { of, count }: { readonly of: Int32Array; readonly count: number },
): Float32Array {
  const { grid, channels } = levels[level] as PlacedLevel;
  const size = grid ** 2 * channels;
  const tokens = new Float32Array(size);
  const sums = new Float64Array(count * size);
  const images = new Int32Array(count);
  for (const [image, center] of of.entries()) {
    signal?.throwIfAborted();
    features.read(level, Int32Array.of(image), tokens);
    images[center]!++;
    const own = sums.subarray(center * size, (center + 1) * size);
    for (const [i, value] of tokens.entries()) own[i]! += value;
  }
  return Float32Array.from(sums, (total, i) => total / images[Math.floor(i / size)]!);
}

const SMALLEST_NORM = 1e-12;

/** A level of images and of centers. */
export interface ComparedMaps {
  /** f32 `[N, L, C]`. */
  readonly images: Tensor;
  /** f32 `[K, L, C]`. */
  readonly maps: Tensor;
}

/** The center of each image whose cosine with it, whole maps as vectors, is the largest in sum over the levels: i32 `[N]`. */
export function mostSimilarCenter(levels: readonly ComparedMaps[]): Tensor {
  const cosines = levels.map(({ images, maps }) =>
    matMul(unitRows(wholes(images)), unitRows(wholes(maps)), false, true),
  );
  return argMax(cosines.length === 1 ? (cosines[0] as Tensor) : addN(cosines), -1);
}

function wholes(maps: Tensor): Tensor {
  const [, places = 1, channels = 1] = maps.shape;
  return reshape(maps, [-1, places * channels]);
}

/** Along the last axis. */
export function unitRows(x: Tensor): Tensor {
  return div(x, maximum(sqrt(sum(square(x), -1, true)), SMALLEST_NORM));
}
