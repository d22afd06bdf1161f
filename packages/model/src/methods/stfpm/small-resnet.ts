/** @file For tests: the small ResNet of `fixtures/make-fixtures.py`, its weights and images by the same formula. */

import { resNet } from '../../backbones/resnet-graph.ts';
import type { SafeTensor } from '../../backbones/safetensors.ts';
import { weightsOf } from '../../backbones/weights.ts';
import { formula } from '../formula.ts';
import type { ImageFitOptions } from '../method.ts';

export const SMALL = { stem: 4, stages: [4, 6, 8], side: 32 };
export const SMALL_TAPS = SMALL.stages.map((channels, index) => ({
  ...{ name: `layer${index + 1}`, channels, stride: 2 ** (index + 2) },
}));
export const SMALL_LEVELS = SMALL_TAPS.map(({ name, channels, stride }) => ({
  ...{ tap: name, channels, grid: SMALL.side / stride },
}));

/** Convolutions in the order of the graph: their name, that of their BatchNorm, and shape `[O, I, k, k]`. */
export function convolutions(): { conv: string; norm: string; shape: number[] }[] {
  const { stem, stages } = SMALL;
  const all = [{ conv: 'conv1', norm: 'bn1', shape: [stem, 3, 7, 7] }];
  let inside = stem;
  for (const [index, out] of stages.entries()) {
    const block = `layer${index + 1}.0`;
    all.push({ conv: `${block}.conv1`, norm: `${block}.bn1`, shape: [out, inside, 3, 3] });
    all.push({ conv: `${block}.conv2`, norm: `${block}.bn2`, shape: [out, out, 3, 3] });
    if (index > 0) {
      const names = { conv: `${block}.downsample.0`, norm: `${block}.downsample.1` };
      all.push({ ...names, shape: [out, inside, 1, 1] });
    }
    inside = out;
  }
  return all;
}

/** All tensors by PyTorch's names. @param norms Whether BatchNorms are made up, too, or fresh. */
export function filled(salt: number, norms: boolean): Map<string, SafeTensor> {
  const shapes = convolutions().flatMap(({ conv, norm, shape }) => [
    [`${conv}.weight`, shape] as const,
    ...['weight', 'bias', 'running_mean', 'running_var'].map(
      (part) => [`${norm}.${part}`, [shape[0] as number]] as const,
    ),
  ]);
  const sorted = shapes.sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    sorted.map(([name, shape], index): [string, SafeTensor] => {
      const count = shape.reduce((product, size) => product * size, 1);
      const numbers = formula(count, salt + index);
      const [out = 1, , kernel = 1] = shape;
      const isPositive = /(weight|running_var)$/.test(name);
      const value = (x: number) => {
        if (shape.length === 4) return x * Math.sqrt(6 / (out * kernel * kernel));
        if (norms) return x * 0.5 + (isPositive ? 1 : 0);
        return isPositive ? 1 : 0;
      };
      return [name, { dtype: 'F32', shape, data: Float32Array.from(numbers, value) }];
    }),
  );
}

export function smallBackbone(): ImageFitOptions['backbone'] {
  const { stem, stages } = SMALL;
  const network = resNet({
    block: 'basic',
    stem,
    stages: stages.map((out) => ({ blocks: 1, inner: out, out })),
  });
  const names = network.taps.map(({ name }) => name);
  return {
    name: 'small',
    model: network.build(weightsOf(filled(0, true), 'small'), names),
    featureTaps: network.taps,
  };
}
