/** @file Parts of FOD with numbers that are known: rows, divergences, what copying is worth, which side a phase moves. */
import '@tensorflow/tfjs-backend-cpu';
import { fod as definition, fodNetworks } from '@plumbline/contracts';
import {
  abs,
  add,
  grads,
  max,
  setBackend,
  sub,
  sum,
  type Tensor,
  tensor,
  zeros,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { constantParameters, totalSize } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { formula } from '../formula.ts';
import { fodForward } from './forward.ts';
import { divergences, fodLoss } from './loss.ts';
import { networkParameters } from './parameters.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

const made = (shape: number[], salt: number) => {
  const size = shape.reduce((product, each) => product * each, 1);
  return tensor(Float32Array.from(formula(size, salt)), shape);
};
const [network] = fodNetworks(definition.resolve('paper', { layers: 1, heads: 2 }), [
  { tap: 'a', grid: 4, channels: 16 },
]);
const specs = networkParameters('a', network!);
const parameters = constantParameters(
  specs,
  Float32Array.from(formula(totalSize(specs), 3), (x) => 0.5 * x),
);
const tokens = made([2, 16, 16], 1);
const reference = made([1, 16, 16], 2);
const output = () => fodForward(new Weights(parameters).at('a'), tokens, reference, network!);
const largest = (x: Tensor) => Number(max(abs(x)).dataSync()[0]);

describe('FOD’s correlations', () => {
  it('have rows that sum to 1', () => {
    const { intra, inter } = output();
    for (const { attention, nearby } of [...intra, ...inter])
      for (const rows of [attention, nearby])
        expect(largest(sub(sum(rows, -1), 1))).toBeLessThan(1e-5);
  });

  it('diverge from each other, not from themselves', () => {
    const [one] = output().inter;
    expect(largest(divergences({ attention: one!.attention, nearby: one!.attention }))).toBe(0);
    expect(Math.min(...divergences(one!).dataSync())).toBeGreaterThan(0);
  });

  it('see a constant in the tokens alone: what is added to all of them in the layer cancels out', () => {
    // The same keys and values within as across: nothing is left but the biases of the norms.
    const weights = { ...parameters };
    for (const spec of specs.filter(({ name }) => name.includes('.intra.')))
      weights[spec.name.replace('.intra.', '.inter.')] = parameters[spec.name] as Tensor;
    for (const part of ['weight', 'bias'])
      weights[`a.reference.${part}`] = parameters[`a.embedding.${part}`] as Tensor;
    const rebuilt = (x: Tensor) => fodForward(new Weights(weights).at('a'), x, x, network!).rebuilt;
    const other = rebuilt(add(tokens, made([2, 16, 16], 9)));
    expect(largest(sub(rebuilt(tokens), other))).toBeLessThan(1e-5);
  });
});

describe('FOD’s loss', () => {
  it('moves attention and what lies nearby in opposite ways, within and across the image', () => {
    const { intra, inter } = output();
    const gradientsOf = (weights: { divergence: number; entropy: number }) =>
      grads((s1, g1, s2, g2) =>
        fodLoss(
          {
            rebuilt: zeros([2, 16, 16]),
            intra: [{ attention: s1!, nearby: g1! }],
            inter: [{ attention: s2!, nearby: g2! }],
          },
          tokens,
          weights,
        ),
      )([intra[0]!.attention, intra[0]!.nearby, inter[0]!.attention, inter[0]!.nearby]);
    // ∂D/∂S by differences, for one number of each.
    const [s, g] = [intra[0]!.attention.dataSync()[7]!, intra[0]!.nearby.dataSync()[7]!];
    const divergence = (a: number, b: number) =>
      (a - b) * (Math.log(a + 1e-4) - Math.log(b + 1e-4));
    const rows = 2 * 2 * 16;
    const by = 1e-6;
    const slopes = [
      (divergence(s + by, g) - divergence(s - by, g)) / (2 * by * rows),
      (divergence(s, g + by) - divergence(s, g - by)) / (2 * by * rows),
    ];
    const at = (x: Tensor | undefined) => x?.dataSync()[7] ?? Number.NaN;
    const [s1, g1] = gradientsOf({ divergence: 2, entropy: 0 });
    expect(at(s1) / (-2 * slopes[0]!)).toBeCloseTo(1, 3);
    expect(at(g1) / (2 * slopes[1]!)).toBeCloseTo(1, 3);
    const sharpened = gradientsOf({ divergence: 0, entropy: 1 });
    expect(at(sharpened[0])).toBeCloseTo((Math.log(s + 1e-4) + s / (s + 1e-4)) / rows, 5);
    expect(largest(sharpened[1]!)).toBe(0);
    expect(largest(sharpened[3]!)).toBe(0);
    // Across the image all of it the other way.
    const swapped = gradientsOf({ divergence: 2, entropy: 1 });
    const [, , s2, g2] = swapped;
    const own = inter[0]!;
    const [a, b] = [own.attention.dataSync()[7]!, own.nearby.dataSync()[7]!];
    const byAttention = (divergence(a + by, b) - divergence(a - by, b)) / (2 * by * rows);
    const byEntropy = -(Math.log(a + 1e-4) + a / (a + 1e-4)) / rows;
    expect(at(s2) / (2 * byAttention + byEntropy)).toBeCloseTo(1, 3);
    const byNearby = (divergence(a, b + by) - divergence(a, b - by)) / (2 * by * rows);
    expect(at(g2) / (-2 * byNearby)).toBeCloseTo(1, 3);
  });
});
