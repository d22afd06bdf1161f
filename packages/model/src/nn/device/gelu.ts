/** @file GELU for a graphics card: two passes over its input less, for one more tensor that is kept. */
import {
  add,
  customGrad,
  erf,
  exp,
  type GradSaveFunc,
  mul,
  square,
  sub,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { hardSigmoid } from '../../trace/index.ts';

/** x·Φ(x), Φ = (erf(x/√2) + 1)/2, which lies in [0, 1]: the clamp of `hardSigmoid` changes nothing. */
export const geluOnDevice: (x: Tensor) => Tensor = customGrad(
  (...inputs: (Tensor | GradSaveFunc)[]) => {
    const [x, save] = inputs as [Tensor, GradSaveFunc];
    const scaled = mul(x, Math.SQRT1_2);
    const cdf = hardSigmoid(erf(scaled), 0.5, 0.5);
    save([x, scaled, cdf]);
    return {
      value: mul(x, cdf),
      gradFunc: (gradient: Tensor, saved: Tensor[]) => {
        const [input, root, probability] = saved as [Tensor, Tensor, Tensor];
        const density = exp(sub(-0.5 * Math.log(2 * Math.PI), square(root)));
        return mul(gradient, add(mul(input, density), probability));
      },
    };
  },
);
