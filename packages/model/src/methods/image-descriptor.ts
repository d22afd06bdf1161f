/**
 * @file What an image is looked up by: every level averaged over the quarters of the image and divided by its norm, as
 * the category of an image is found. N images, P patches of a level, C channels, E numbers.
 */
import { descriptorParts, type FeatureLevel } from '@plumbline/contracts';
import {
  concat,
  div,
  matMul,
  maximum,
  reshape,
  slice,
  sqrt,
  square,
  sum,
  type Tensor,
  tensor,
  tile,
} from '@tensorflow/tfjs-core';

export interface DescribedLevel extends Pick<FeatureLevel, 'grid' | 'channels'> {
  /** The image is averaged over this many by this many parts. */
  readonly parts: number;
}

/** Smaller norms are divided by this: a level that is zero everywhere stays so. */
const SMALLEST_NORM = 1e-12;

export function describedLevels(levels: readonly FeatureLevel[]): DescribedLevel[] {
  return levels.map(({ grid, channels }) => ({
    ...{ grid, channels },
    parts: descriptorParts({ grid }),
  }));
}

/** E. */
export function descriptorSize(levels: readonly DescribedLevel[]): number {
  return levels.reduce((sum, { channels, parts }) => sum + parts ** 2 * channels, 0);
}

/**
 * @param tokens For each level f32 `[N, P, C]`.
 * @returns f32 `[N, E]`. The product of two is the sum of the levels' cosines.
 */
export function describeImages(
  tokens: readonly Tensor[],
  levels: readonly DescribedLevel[],
): Tensor {
  const parts = levels.map((level, index) => {
    const values = tokens[index] as Tensor;
    const [n = 1] = values.shape;
    const count = level.parts ** 2;
    const averages = matMul(tensor(partWeights(level), [count, level.grid ** 2]), values); // [N, parts², C]
    const flat = reshape(averages, [n, count * level.channels]);
    return div(flat, maximum(sqrt(sum(square(flat), 1, true)), SMALLEST_NORM));
  });
  return parts.length === 1 ? (parts[0] as Tensor) : concat(parts, 1);
}

/** `[parts², P]`: PyTorch's `adaptive_avg_pool2d`; with an odd side the parts share their middle row and column. */
function partWeights({ grid, parts }: DescribedLevel): Float32Array {
  const weights = new Float32Array(parts ** 2 * grid ** 2);
  const bounds = Array.from({ length: parts }, (_, part) => ({
    from: Math.floor((part * grid) / parts),
    to: Math.ceil(((part + 1) * grid) / parts),
  }));
  for (const [row, vertical] of bounds.entries())
    for (const [column, horizontal] of bounds.entries()) {
      const area = (vertical.to - vertical.from) * (horizontal.to - horizontal.from);
      for (let y = vertical.from; y < vertical.to; y++)
        for (let x = horizontal.from; x < horizontal.to; x++)
          weights[(row * parts + column) * grid ** 2 + y * grid + x] = 1 / area;
    }
  return weights;
}

/**
 * What images resemble.
 * @param descriptors f32 `[N, E]`.
 * @param stored f32 `[M, E]`.
 * @returns f32 `[N, M]`.
 */
export function similaritiesTo(descriptors: Tensor, stored: Float32Array): Tensor {
  const [n = 1, size = 1] = descriptors.shape;
  const count = stored.length / size;
  const columns = tensor(transposed(stored, count, size), [1, size, count]);
  // Each image twice: onnxruntime multiplies a single row by code of its own, which rounds otherwise, and of two stored images
  // that are as similar an image would find another one alone than in a batch.
  const twice = tile(reshape(descriptors, [n, 1, size]), [1, 2, 1]);
  const products = matMul(twice, columns); // [N, 2, M]
  return reshape(slice(products, [0, 0, 0], [n, 1, count]), [n, count]);
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column] as number;
  return out;
}
