/** @file What mixes the channels of a level: an invertible matrix of determinant ±1, by its factors. C channels. */
import { add, exp, matMul, mean, mul, sub, type Tensor2D, tensor } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../nn/random.ts';
import { randomRotation } from '../../nn/random-rotation.ts';
import type { Weights } from '../../nn/weights.ts';

/** Factors of a random rotation: W = P·L·(U + diag(s)). */
export interface Factors {
  /** P, f32 `[C, C]`: one 1 in each row and column. It stays. */
  readonly permutation: Float32Array;
  /** Of the diagonal, f32 `[C]`, 1 and −1. They stay. */
  readonly signs: Float32Array;
  /** L below its diagonal of 1, f32 `[C, C]`. */
  readonly lower: Float32Array;
  /** U above its diagonal, f32 `[C, C]`. */
  readonly upper: Float32Array;
  /** log |s|, f32 `[C]`. */
  readonly logScales: Float32Array;
}

export function randomFactors(channels: number, random: RandomStream): Factors {
  return factorsOf(randomRotation(channels, random), channels);
}

/** By Gaussian elimination with the largest pivot (Golub and Van Loan, "Matrix Computations", 3.4). */
export function factorsOf(matrix: Float32Array, size: number): Factors {
  const rows = Array.from({ length: size }, (_, row) => ({
    from: row,
    values: Float64Array.from(matrix.subarray(row * size, (row + 1) * size)),
  }));
  for (let step = 0; step < size; step++) {
    const sizeAt = (row: number) => Math.abs(rows[row]!.values[step]!);
    let pivot = step;
    for (let row = step; row < size; row++) if (sizeAt(row) > sizeAt(pivot)) pivot = row;
    [rows[step], rows[pivot]] = [rows[pivot]!, rows[step]!];
    const top = rows[step]!.values;
    for (const { values } of rows.slice(step + 1)) {
      const share = values[step]! / top[step]!;
      // The place that becomes 0 keeps the share.
      values[step] = share;
      for (let column = step + 1; column < size; column++) values[column]! -= share * top[column]!;
    }
  }
  const permutation = new Float32Array(size * size);
  for (const [row, { from }] of rows.entries()) permutation[from * size + row] = 1;
  const part = (isPart: (row: number, column: number) => boolean) =>
    Float32Array.from({ length: size * size }, (_, i) => {
      const [row, column] = [Math.floor(i / size), i % size];
      return isPart(row, column) ? rows[row]!.values[column]! : 0;
    });
  const diagonal = rows.map(({ values }, row) => values[row]!);
  return {
    permutation,
    signs: Float32Array.from(diagonal, Math.sign),
    lower: part((row, column) => row > column),
    upper: part((row, column) => row < column),
    logScales: Float32Array.from(diagonal, (s) => Math.log(Math.abs(s))),
  };
}

/** W, f32 `[C, C]`, for `y = W·x`; the mean of log |s| is taken out. @param layer With `lower`, `upper` and `logScales`. */
export function mixingMatrix(layer: Weights, { permutation, signs }: Factors): Tensor2D {
  const size = signs.length;
  const mask = (isPart: (row: number, column: number) => boolean) =>
    tensor(
      Float32Array.from({ length: size * size }, (_, i) =>
        isPart(Math.floor(i / size), i % size) ? 1 : 0,
      ),
      [size, size],
    );
  const eye = mask((row, column) => row === column);
  const lower = add(
    mul(
      layer.tensor('lower'),
      mask((row, column) => row > column),
    ),
    eye,
  );
  const logScales = layer.tensor('logScales');
  const scales = mul(tensor(signs), exp(sub(logScales, mean(logScales)))); // [C]
  const upper = add(
    mul(
      layer.tensor('upper'),
      mask((row, column) => row < column),
    ),
    mul(eye, scales),
  );
  const product = matMul(lower as Tensor2D, upper as Tensor2D);
  return matMul(tensor(permutation, [size, size]) as Tensor2D, product) as Tensor2D;
}
