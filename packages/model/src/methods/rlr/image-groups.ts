/** @file How often each category is seen in training. */
import type { EveryRlrSetting } from '@plumbline/contracts';
import { allImages, categoryGroups, type ImageGroup } from '../../training/batches.ts';
import type { FeatureSource } from '../method.ts';

/** Images of a category that its difficulty is measured on. */
const MEASURED_IMAGES = 6;
/** No category gets less than this share of an equal one, however easy it is. */
const SMALLEST_SHARE = 0.5;

export interface ImageGroupOptions {
  readonly level: number;
  readonly features: FeatureSource;
  /** Tokens of an image, `L·C` numbers. */
  readonly tokens: number;
  readonly channels: number;
  readonly balance: EveryRlrSetting['balance'];
}

/** Without balance all images are one group; otherwise each category is one. */
export function imageGroups(options: ImageGroupOptions): ImageGroup[] {
  const { features, balance } = options;
  if (balance === 'none') return allImages(features.count);
  const groups = categoryGroups(features.categories);
  if (balance === 'category') return groups;
  const weights = groups.map(({ images }) => Math.sqrt(tokenSpread(options, images)));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return groups.map((group, index) => ({
    ...group,
    weight: Math.max(weights[index] as number, SMALLEST_SHARE * mean),
  }));
}

/** Mean squared distance of a category's tokens from their mean: what a network that knows the mean has yet to learn. */
function tokenSpread(options: ImageGroupOptions, images: readonly number[]): number {
  const { features, level, tokens, channels } = options;
  const step = Math.max(1, Math.floor(images.length / MEASURED_IMAGES));
  const chosen = images.filter((_, index) => index % step === 0).slice(0, MEASURED_IMAGES);
  const values = new Float32Array(chosen.length * tokens);
  features.read(level, Int32Array.from(chosen), values);
  const sums = new Float64Array(channels);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    sums[i % channels]! += values[i]!;
    squares += values[i]! ** 2;
  }
  const rows = values.length / channels;
  const ofMean = sums.reduce((sum, value) => sum + (value / rows) ** 2, 0);
  return Math.max(squares / rows - ofMean, 1e-12);
}
