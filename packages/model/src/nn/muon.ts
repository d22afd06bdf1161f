/**
 * @file Muon (Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"): a matrix follows its momentum
 * with all singular values set near 1, so that no direction of the gradient is learned late. Five Newton-Schulz steps of
 * the published coefficients do that by products alone.
 */
import {
  add,
  div,
  matMul,
  mul,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
} from '@tensorflow/tfjs-core';

export interface MuonConfig {
  readonly momentum: number;
  /** Newton-Schulz steps. */
  readonly iterations: number;
}

export const MUON_DEFAULTS: MuonConfig = { momentum: 0.95, iterations: 5 };

/** X ← aX + (bS + cS²)X with S = XXᵀ. */
const [A, B, C] = [3.4445, -4.775, 2.0315] as const;

export interface MuonState {
  readonly weights: Tensor;
  readonly firstMoment: Tensor;
}

/** The scalars of a step. */
export interface MuonRates<T> {
  /** The learning rate of matrices. */
  readonly matrixStepSize: T;
}

/**
 * One step, Nesterov's momentum: M ← μM + g; w ← w − stepSize·√max(1, rows/columns)·orthogonalized(g + μM).
 * Gradient and state f32 `[…, rows, columns]`.
 */
export function muonStep(
  state: MuonState,
  gradient: Tensor,
  rates: MuonRates<Tensor>,
  { momentum, iterations }: MuonConfig,
): MuonState {
  const [rows = 1, columns = 1] = gradient.shape.slice(-2);
  const firstMoment = add(mul(state.firstMoment, momentum), gradient);
  const direction = orthogonalized(add(gradient, mul(firstMoment, momentum)), iterations);
  const scale = Math.sqrt(Math.max(1, rows / columns));
  const update = mul(direction, mul(rates.matrixStepSize, scale));
  return { weights: sub(state.weights, update), firstMoment };
}

/**
 * Each matrix with its singular values brought to about 1 (0.7 to 1.2 after five steps).
 * @param matrix f32 `[…, rows, columns]`.
 */
export function orthogonalized(matrix: Tensor, iterations = MUON_DEFAULTS.iterations): Tensor {
  const [rows = 1, columns = 1] = matrix.shape.slice(-2);
  const isTall = rows > columns;
  // The squares are of the shorter side.
  const wide = isTall ? transposed(matrix) : matrix;
  const norm = sqrt(sum(square(wide), matrix.rank > 2 ? [-2, -1] : undefined, matrix.rank > 2));
  let x = div(wide, add(norm, 1e-7));
  for (let step = 0; step < iterations; step++) {
    const s = matMul(x, x, false, true);
    const polynomial = add(mul(s, B), mul(matMul(s, s), C));
    x = add(mul(x, A), matMul(polynomial, x));
  }
  return isTall ? transposed(x) : x;
}

/** The last two axes swapped. */
function transposed(matrix: Tensor): Tensor {
  const { rank } = matrix;
  return transpose(matrix, [...Array(rank - 2).keys(), rank - 1, rank - 2]);
}
