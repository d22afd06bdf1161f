/**
 * @file Dropout (Srivastava et al. 2014) in a recorded step, which can't draw numbers: they are fed. A mask of rows by columns
 * takes one number a row and one a column, and drops where the fractional part of their sum is below the rate: every place with
 * that probability, any two places of a row or column independently of each other. A number a place would be as large as
 * all the maps of attention together.
 */
import {
  add,
  cast,
  floor,
  greaterEqual,
  mul,
  reshape,
  slice,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Numbers that the mask of such a shape takes. @param shape `[…, rows, columns]`. */
export function dropoutNumbers(shape: readonly number[]): number {
  const { masks, rows, columns } = sizesOf(shape);
  return masks * (rows + columns);
}

function sizesOf(shape: readonly number[]) {
  const [rows = 1, columns = 1] = shape.slice(-2);
  return { masks: shape.slice(0, -2).reduce((product, size) => product * size, 1), rows, columns };
}

/** One step's numbers, handed out mask by mask in the order in which they are asked for. */
export class Dropout {
  readonly #numbers: Tensor;
  readonly #rate: number;
  #used = 0;

  /**
   * @param numbers Uniform in [0, 1), f32 `[K]`: `dropoutNumbers` of all masks together.
   * @param rate Share that is dropped, below 1.
   */
  constructor(numbers: Tensor, rate: number) {
    this.#numbers = numbers;
    this.#rate = rate;
  }

  /** Numbers handed out so far. */
  get used(): number {
    return this.#used;
  }

  /** What a tensor of such a shape is multiplied with: 0, or 1/(1 − rate). @param shape `[…, rows, columns]`. */
  factors(shape: readonly number[]): Tensor {
    const { masks, rows, columns } = sizesOf(shape);
    const outer = shape.slice(0, -2);
    const ofRows = this.#next(masks * rows, [...outer, rows, 1]);
    const ofColumns = this.#next(masks * columns, [...outer, 1, columns]);
    const sum = add(ofRows, ofColumns);
    const kept = greaterEqual(sub(sum, floor(sum)), this.#rate);
    return mul(cast(kept, 'float32'), 1 / (1 - this.#rate));
  }

  apply(x: Tensor): Tensor {
    return mul(x, this.factors(x.shape));
  }

  #next(count: number, shape: number[]): Tensor {
    const part = reshape(slice(this.#numbers, [this.#used], [count]), shape);
    this.#used += count;
    return part;
  }
}
