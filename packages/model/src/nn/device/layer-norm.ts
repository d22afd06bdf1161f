/** @file Layer normalization and its gradient for a graphics card: the operator of ONNX, one kernel in place of ten. */
import { customGrad, type GradSaveFunc, mean, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { layerNormalization } from '../../trace/index.ts';
import { rowSums } from './sums.ts';

/** @param x f32 `[rows, d]`; weight and bias f32 `[d]`. */
export const normalizeRowsOnDevice = (
  epsilon: number,
): ((x: Tensor, weight: Tensor, bias: Tensor) => Tensor) =>
  customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
    const [x, weight, bias, save] = inputs as [Tensor, Tensor, Tensor, GradSaveFunc];
    const [value, average, scale] = layerNormalization(x, weight, bias, epsilon);
    save([x, average, scale, weight]);
    return { value, gradFunc: (gradient: Tensor, saved: Tensor[]) => gradients(gradient, saved) };
  });

/** With g = dy·w, n the normalized rows: dx = scale·(g − mean(g) − n·mean(g·n)). */
function gradients(gradient: Tensor, saved: Tensor[]): Tensor[] {
  const [x, average, scale, weight] = saved as [Tensor, Tensor, Tensor, Tensor];
  const normalized = mul(sub(x, average), scale);
  const weighted = mul(gradient, weight);
  const along = mean(mul(weighted, normalized), -1, true); // [rows, 1]
  const centered = sub(sub(weighted, mean(weighted, -1, true)), mul(normalized, along));
  return [mul(centered, scale), rowSums(mul(gradient, normalized)), rowSums(gradient)];
}
