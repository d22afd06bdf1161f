/** @file Parts of INP-Former with numbers that are known: parameters, what prototypes depend on, what a layer lets through. */
import '@tensorflow/tfjs-backend-cpu';
import { inpformer as definition, mapNetwork } from '@plumbline/contracts';
import {
  abs,
  add,
  gather,
  grad,
  max,
  mul,
  setBackend,
  slice,
  sub,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { constantParameters, totalSize } from '../../nn/parameters.ts';
import { Weights } from '../../nn/weights.ts';
import { formula } from '../formula.ts';
import { mapsLoss, patchDistances } from '../rebuilt-maps.ts';
import { coherence, decoderLayer, extractPrototypes, inpFormerForward } from './forward.ts';
import { inpFormerLoss } from './loss.ts';
import { type InpNetwork, inpFormerParameters } from './parameters.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

const made = (shape: number[], salt: number): Tensor => {
  const size = shape.reduce((product, each) => product * each, 1);
  return tensor(Float32Array.from(formula(size, salt)), shape);
};
const largest = (x: Tensor) => Number(max(abs(x)).dataSync()[0]);
const PAPER = definition.resolve('paper');
const mapsAt = (channels: number) => [0, 1].map((i) => ({ tap: `blocks.${i}`, grid: 4, channels }));
const network: InpNetwork = {
  ...mapNetwork({ ...PAPER, layers: 2, headChannels: 4 }, mapsAt(8)),
  prototypes: 6,
};
const specs = inpFormerParameters(network);
const parameters = constantParameters(
  specs,
  Float32Array.from(formula(totalSize(specs), 3), (x) => 0.5 * x),
);
const weights = new Weights(parameters);
const input = made([2, 16, 8], 1);

describe('INP-Former’s network', () => {
  it.each([
    [384, 17_154_096],
    [768, 68_517_984],
  ])('has the released parameters at %i channels', (channels, count) => {
    const of = mapNetwork(PAPER, mapsAt(channels));
    expect(totalSize(inpFormerParameters({ ...of, prototypes: 6 }))).toBe(count);
  });

  it('gives the same with its tokens in another order', () => {
    const order = tensor([4, 2, 0, 5, 1, 3], [6], 'int32');
    const other = { ...parameters, prototypes: gather(parameters['prototypes'] as Tensor, order) };
    const [own, permuted] = [weights, new Weights(other)].map((one) =>
      inpFormerForward(one, input, network),
    );
    expect(largest(sub(gather(own!.prototypes, order, 1), permuted!.prototypes))).toBeLessThan(
      1e-5,
    );
    for (const [map, rebuilt] of own!.rebuilt.entries())
      expect(largest(sub(rebuilt, permuted!.rebuilt[map]!))).toBeLessThan(1e-5);
  });

  it('takes prototypes from the image itself', () => {
    const [own, other] = [input, made([2, 16, 8], 2)].map((x) =>
      extractPrototypes(weights, x, network),
    );
    expect(own!.shape).toEqual([2, 6, 8]);
    expect(largest(sub(own!, other!))).toBeGreaterThan(1e-3);
  });

  it('sees a patch through its normalization alone: a constant added to a patch changes nothing', () => {
    const layer = weights.at('decoder.0');
    const prototypes = made([2, 6, 8], 5);
    const shifted = add(input, made([2, 16, 1], 9));
    const [own, other] = [input, shifted].map((x) => decoderLayer(layer, x, prototypes, 2));
    expect(largest(sub(own!, other!))).toBeLessThan(1e-4);
  });

  it('lets nothing of a patch through but what it asks of the prototypes', () => {
    const blind = { ...parameters };
    blind['decoder.0.attn.q.weight'] = mul(parameters['decoder.0.attn.q.weight'] as Tensor, 0);
    const y = decoderLayer(new Weights(blind).at('decoder.0'), input, made([2, 6, 8], 5), 2);
    expect(largest(sub(y, slice(y, [0, 0, 0], [2, 1, 8])))).toBeLessThan(1e-6);
  });
});

describe('INP-Former’s loss', () => {
  const targets = [made([2, 16, 8], 7)];
  const rebuilt = made([2, 16, 8], 8);
  const prototypes = made([2, 6, 8], 5);
  const lossOf = (x: Tensor, miningPower: number, weight = 0) =>
    inpFormerLoss(
      { rebuilt: [x], prototypes },
      { input, targets },
      {
        ...{ coherence: weight, miningPower },
      },
    );

  it('moves patches by the cube of their distance, and is the plain cosine otherwise', () => {
    const gradientOf = (power: number) => grad((x) => lossOf(x, power))(rebuilt).dataSync();
    const plain = grad((x) => mapsLoss(targets, [x]))(rebuilt).dataSync();
    expect(gradientOf(0)).toEqual(plain);
    const distances = patchDistances(targets[0]!, rebuilt).dataSync();
    const mean = Array.from(distances).reduce((sum, d) => sum + d, 0) / distances.length;
    for (const [place, value] of gradientOf(3).entries())
      expect(value).toBeCloseTo(plain[place]! * (distances[Math.floor(place / 8)]! / mean) ** 3, 6);
    expect(lossOf(rebuilt, 3).dataSync()).toEqual(lossOf(rebuilt, 0).dataSync());
  });

  it('adds how far patches are from the nearest prototype: nothing where they are prototypes', () => {
    expect(coherence(prototypes, prototypes).dataSync()[0]).toBeCloseTo(0, 6);
    const far = coherence(input, prototypes).dataSync()[0]!;
    expect(far).toBeGreaterThan(0.1);
    const added = lossOf(rebuilt, 3, 0.2).dataSync()[0]! - lossOf(rebuilt, 3).dataSync()[0]!;
    expect(added).toBeCloseTo(0.2 * far, 5);
  });
});
