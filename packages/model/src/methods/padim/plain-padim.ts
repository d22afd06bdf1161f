/** @file For tests: PaDiM by its definition, all sums anew for each set of images, in plain code. */
import { MADE_UP_IMAGES, MADE_UP_LEVELS } from '../made-up-fit.ts';
import type { PadimEmbedding } from './forward.ts';

/** √(dᵀ·Σ⁻¹·d), by Gauss-Jordan elimination. */
export function mahalanobis(sigma: readonly number[][], difference: readonly number[]): number {
  const matrix = sigma.map((row, r) => [...row, difference[r]!]);
  const size = difference.length;
  for (let pivot = 0; pivot < size; pivot++) {
    const own = matrix[pivot]!.map((value) => value / matrix[pivot]![pivot]!);
    matrix.forEach((row, r) => {
      if (r !== pivot) matrix[r] = row.map((value, c) => value - row[pivot]! * own[c]!);
    });
    matrix[pivot] = own;
  }
  return Math.sqrt(difference.reduce((sum, value, r) => sum + value * matrix[r]![size]!, 0));
}

/** What an image has at a position. */
export function embedAt(
  tokens: readonly Float32Array[],
  plan: PadimEmbedding,
  image: number,
  position: number,
): number[] {
  return plan.levels.flatMap((level, l) =>
    [...level.kept].map((channel) => {
      const cell = image * level.grid ** 2 + level.sources[position]![0]!;
      return tokens[l]![cell * level.channels + channel]!;
    }),
  );
}

/** Every level averaged over the quarters of an image, each level of length 1. */
function quarters(tokens: readonly Float32Array[], image: number): number[] {
  return MADE_UP_LEVELS.flatMap(({ grid, channels }, level) => {
    const values = Array.from({ length: 4 * channels }, (_, at) => {
      const [part, c] = [Math.floor(at / channels), at % channels];
      let sum = 0;
      for (let y = 0; y < grid / 2; y++)
        for (let x = 0; x < grid / 2; x++) {
          const row = y + (part > 1 ? grid / 2 : 0);
          const place = row * grid + x + (part % 2) * (grid / 2);
          sum += tokens[level]![(image * grid ** 2 + place) * channels + c]!;
        }
      return sum;
    });
    const norm = Math.hypot(...values);
    return values.map((value) => value / norm);
  });
}

export interface PlainFit {
  readonly tokens: readonly Float32Array[];
  readonly categories: readonly string[];
  /** Images that the fit has never seen. */
  readonly without: readonly number[];
  readonly plan: PadimEmbedding;
  readonly shrinkage: number;
}

/** The category that an image is taken for: that of the training image most like it. */
export function plainCategory(
  { tokens: training, categories, without }: PlainFit,
  tokens: readonly Float32Array[],
  image: number,
): string {
  const own = quarters(tokens, image);
  const [best] = Array.from({ length: MADE_UP_IMAGES }, (_, other) => other)
    .filter((other) => !without.includes(other))
    .map((other) => ({
      name: categories[other] as string,
      product: quarters(training, other).reduce((sum, value, i) => sum + value * own[i]!, 0),
    }))
    .sort((a, b) => b.product - a.product);
  return best?.name as string;
}

/** The score of an image at a position by Gaussians of each category, or of the only one named. */
export function plainScore(
  fit: PlainFit,
  tokens: readonly Float32Array[],
  { image, position }: { readonly image: number; readonly position: number },
): number {
  const { plan, shrinkage, without, categories } = fit;
  const names = [...new Set(categories.filter((_, i) => !without.includes(i)))];
  const moments = names.map((name) => {
    const images = [...categories.keys()].filter(
      (i) => categories[i] === name && !without.includes(i),
    );
    const rows = images.map((i) => embedAt(fit.tokens, plan, i, position));
    const mean = rows[0]!.map((_, c) => rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length);
    const scatter = mean.map((_, r) =>
      mean.map((_, c) =>
        rows.reduce((sum, row) => sum + (row[r]! - mean[r]!) * (row[c]! - mean[c]!), 0),
      ),
    );
    return { name, mean, scatter, degrees: images.length - 1 };
  });
  const chosen = plainCategory(fit, tokens, image);
  const own = moments.find(({ name }) => name === chosen)!;
  const all = moments.reduce((sum, { degrees }) => sum + degrees, 0);
  const sigma = own.scatter.map((row, r) =>
    row.map((value, c) => {
      const within = moments.reduce((sum, { scatter }) => sum + scatter[r]![c]!, 0) / all;
      return (value + shrinkage * within) / (own.degrees + shrinkage) + (r === c ? 0.01 : 0);
    }),
  );
  const x = embedAt(tokens, plan, image, position);
  return mahalanobis(
    sigma,
    x.map((value, c) => value - own.mean[c]!),
  );
}
