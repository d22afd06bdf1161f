/**
 * @file Checks the exported graph against the trained network: features and patch scores are computed apart, then
 * upsampled and smoothed by plain code, independent of the graph's own nodes.
 */
import {
  DomainError,
  type GraphSession,
  type ParityReport,
  type Sample,
} from '@plumbline/contracts';
import { type BlobStore, decodeImage } from '@plumbline/data';
import { scoreImage } from './score-images.ts';

const TOLERANCE = 1e-4;

export interface CheckParityOptions {
  /** The exported graph. */
  readonly exported: GraphSession;
  /** Image to tokens. */
  readonly features: GraphSession;
  /** Tokens to patch scores: the trained network as it was fitted. */
  readonly scores: GraphSession;
  readonly grids: readonly number[];
  readonly sizePx: number;
  readonly smoothingSigma: number;
  readonly samples: readonly Sample[];
  readonly blobs: BlobStore;
}

/** @throws DomainError INTERNAL when they differ by more than the tolerance. */
export async function checkParity(options: CheckParityOptions): Promise<ParityReport> {
  const errors = { map: 0, score: 0 };
  for (const sample of options.samples) {
    const actual = await scoreImage(options.exported, options.blobs, sample);
    const map = await expectedMap(options, sample);
    const score = maximum(gaussianSmooth(map, options.sizePx, options.smoothingSigma));
    errors.score = Math.max(errors.score, Math.abs(actual.imageScore - score) / Math.abs(score));
    errors.map = Math.max(errors.map, largestDifference(actual.anomalyMap, map) / maximum(map));
  }
  if (errors.map > TOLERANCE || errors.score > TOLERANCE) {
    throw new DomainError(
      'INTERNAL',
      `The exported model differs from the trained one by ${Math.max(errors.map, errors.score).toExponential(1)}.`,
      {
        fix: 'This is a defect of the exporter; the model was not published. Please report it.',
      },
    );
  }
  return {
    images: options.samples.length,
    imageScoreRelative: errors.score,
    anomalyMapRelative: errors.map,
    tolerance: TOLERANCE,
  };
}

async function expectedMap(options: CheckParityOptions, sample: Sample): Promise<Float64Array> {
  const image = await decodeImage(await options.blobs.read(sample.image.sha256), sample.path);
  const tokens = await options.features.run({
    image: { dtype: 'uint8', shape: [1, image.height, image.width, 3], data: image.data },
  });
  const scores = await options.scores.run(tokens);
  const mean = new Float64Array(options.sizePx ** 2);
  for (const [level, grid] of options.grids.entries()) {
    const upsampled = upsampleBilinear(
      scores[`scores${level}`]?.data as Float32Array,
      grid,
      options.sizePx,
    );
    for (let i = 0; i < mean.length; i++) mean[i]! += upsampled[i]! / options.grids.length;
  }
  return mean;
}

/** Bilinear, corners aligned: `[grid, grid]` → `[size, size]`. */
export function upsampleBilinear(
  values: ArrayLike<number>,
  grid: number,
  size: number,
): Float64Array {
  const out = new Float64Array(size * size);
  const scale = (grid - 1) / (size - 1);
  for (let row = 0; row < size; row++) {
    const y = Math.min(Math.floor(row * scale), grid - 2);
    const dy = row * scale - y;
    for (let column = 0; column < size; column++) {
      const x = Math.min(Math.floor(column * scale), grid - 2);
      const dx = column * scale - x;
      const at = (r: number, c: number) => values[(y + r) * grid + x + c]!;
      out[row * size + column] =
        (1 - dy) * ((1 - dx) * at(0, 0) + dx * at(0, 1)) +
        dy * ((1 - dx) * at(1, 0) + dx * at(1, 1));
    }
  }
  return out;
}

/** As scipy.ndimage.gaussian_filter: separable, truncated at 4σ, border mirrored with the edge repeated. */
export function gaussianSmooth(map: Float64Array, size: number, sigma: number): Float64Array {
  const radius = Math.trunc(4 * sigma + 0.5);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const pass = (source: Float64Array, step: number, stride: number): Float64Array => {
    const out = new Float64Array(source.length);
    for (let line = 0; line < size; line++) {
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++)
          sum += kernel[k + radius]! * source[line * stride + mirror(i + k, size) * step]!;
        out[line * stride + i * step] = sum / total;
      }
    }
    return out;
  };
  return pass(pass(map, size, 1), 1, size);
}

/** …c b a | a b c … z | z y x… */
function mirror(index: number, size: number): number {
  const period = 2 * size;
  const wrapped = ((index % period) + period) % period;
  return wrapped < size ? wrapped : period - 1 - wrapped;
}

function maximum(values: ArrayLike<number>): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i]!);
  return largest;
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
