/** @file Gradients that count more at some places than at others, where the value stays as it is. */
import {
  clone,
  customGrad,
  type GradSaveFunc,
  mul,
  type Tensor,
  zerosLike,
} from '@tensorflow/tfjs-core';

/**
 * x itself; on the way back its gradient is multiplied with weights that are made of x and others, which get none.
 * @param weightsOf What broadcasts to the shape of x. It is not differentiated.
 */
export function weighGradient(
  x: Tensor,
  others: readonly Tensor[],
  weightsOf: (x: Tensor, ...others: Tensor[]) => Tensor,
): Tensor {
  return customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
    const [own, ...rest] = inputs.slice(0, -1) as [Tensor, ...Tensor[]];
    const save = inputs.at(-1) as GradSaveFunc;
    save([weightsOf(own, ...rest), ...rest]);
    return {
      value: clone(own),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => {
        const [weights, ...unmoved] = saved as [Tensor, ...Tensor[]];
        return [mul(gradient, weights), ...unmoved.map((one) => zerosLike(one))];
      },
    };
  })(x, ...others);
}
