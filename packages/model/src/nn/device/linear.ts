/** @file y = x·Wᵀ + b and its gradient for a graphics card; several of one x are one product, which fills it better. */
import {
  add,
  concat,
  customGrad,
  type GradSaveFunc,
  matMul,
  type Rank,
  reshape,
  split,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  transpose,
} from '@tensorflow/tfjs-core';
import { rowSums, transposedProduct, transposedProducts } from './sums.ts';

export interface LinearLayer {
  /** f32 `[out, in]`. */
  readonly weight: Tensor;
  /** f32 `[out]`. */
  readonly bias: Tensor;
}

/** @param x f32 `[rows, in]`; weight f32 `[out, in]`; bias f32 `[out]`. */
export const linearRows: (x: Tensor, weight: Tensor, bias: Tensor) => Tensor = customGrad(
  (...inputs: (Tensor | GradSaveFunc)[]) => {
    const [x, weight, bias, save] = inputs as [Tensor, Tensor, Tensor, GradSaveFunc];
    save([x, weight]);
    return {
      value: add(matMul(x as Tensor2D, weight as Tensor2D, false, true), bias),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => {
        const [given, weights] = saved as [Tensor2D, Tensor2D];
        return [
          matMul(gradient as Tensor2D, weights),
          transposedProduct(gradient, given),
          rowSums(gradient),
        ];
      },
    };
  },
);

/**
 * Several layers of the same sizes, of one input.
 * @param x f32 `[…, in]`.
 * @returns For each layer f32 `[…, out]`.
 */
export function linearTogether(x: Tensor, layers: readonly LinearLayer[]): Tensor[] {
  const [outputs = 1, inputs = 1] = layers[0]?.weight.shape ?? [];
  const rows = reshape(x, [x.size / inputs, inputs]);
  const shape = [...x.shape.slice(0, -1), outputs];
  const parameters = [...layers.map(({ weight }) => weight), ...layers.map(({ bias }) => bias)];
  const [first, ...others] = layers;
  const values =
    first === undefined || others.length > 0
      ? split(stackedLinear(rows, ...parameters), layers.length, 0)
      : [linearRows(rows, first.weight, first.bias)];
  return values.map((value) => reshape(value, shape));
}

/** Of x `[rows, in]`, k weights and k biases: `[k, rows, out]`. */
const stackedLinear: (x: Tensor, ...parameters: Tensor[]) => Tensor = customGrad(
  (...inputs: (Tensor | GradSaveFunc)[]) => {
    const save = inputs.at(-1) as GradSaveFunc;
    const [x, ...parameters] = inputs.slice(0, -1) as [Tensor, ...Tensor[]];
    const k = parameters.length / 2;
    const [out = 1, width = 1] = parameters[0]?.shape ?? [];
    const weights = reshape(concat(parameters.slice(0, k) as Tensor2D[]), [k, out, width]);
    const biases = reshape(concat(parameters.slice(k)), [k, 1, out]);
    const rows = reshape<Rank.R3>(x, [1, x.size / width, width]);
    save([x, weights]);
    return {
      value: add(matMul(rows, weights as Tensor3D, false, true), biases),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => stackedGradients(gradient, saved),
    };
  },
);

function stackedGradients(gradient: Tensor, saved: Tensor[]): Tensor[] {
  const [x, weights] = saved as [Tensor, Tensor3D];
  const [k, out, width] = weights.shape;
  const ofInput = sum(matMul(gradient as Tensor3D, weights), 0);
  const ofWeights = transpose(transposedProducts(x, gradient), [0, 2, 1]) as Tensor3D;
  return [
    ofInput,
    ...split(ofWeights, k, 0).map((part) => reshape(part, [out, width])),
    ...split(rowSums(gradient), k, 0).map((part) => reshape(part, [out])),
  ];
}
