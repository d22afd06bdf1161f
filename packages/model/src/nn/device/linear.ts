/** @file y = x·Wᵀ + b and its gradient for a graphics card. */
import {
  add,
  customGrad,
  type GradSaveFunc,
  matMul,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { rowSums, transposedProduct } from './sums.ts';

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
