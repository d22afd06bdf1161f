/** @file For tests: weights that nobody trained. */
import type { Network } from '../network.ts';
import type { SafeTensor } from '../safetensors.ts';
import type { Weights } from '../weights.ts';

/** Made-up weights of just the tensors that a network asks for. */
export function inventWeights(
  network: Network,
  taps: readonly string[],
  isZero = false,
): Map<string, SafeTensor> {
  const tensors = new Map<string, SafeTensor>();
  const inventor: Weights = {
    file: 'invented',
    names: [],
    shape: () => null,
    get(name, shape) {
      const length = shape.reduce((product, size) => product * size, 1);
      const fanIn = length / (shape[0] ?? 1);
      const base = name.endsWith('running_var') ? 1.5 : 0;
      const data = new Float32Array(length);
      for (let i = 0; i < length && !isZero; i++) {
        data[i] = base + Math.sin(i * 1.7 + name.length) / Math.sqrt(fanIn);
      }
      tensors.set(name, { dtype: 'F32', shape, data });
      return data;
    },
  };
  network.build(inventor, taps);
  return tensors;
}
