/** @file Parts of Dinomaly with numbers that are known: parameters, attention, what the damping leaves, what the cache may average. */
import '@tensorflow/tfjs-backend-cpu';
import {
  dinomaly as definition,
  FIRST_TOKENS,
  findCatalogBackbone,
  mapNetwork,
} from '@plumbline/contracts';
import {
  abs,
  add,
  grad,
  max,
  mul,
  neg,
  setBackend,
  slice,
  sub,
  type Tensor,
  tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Dropout } from '../../nn/dropout.ts';
import { constantParameters, initializeParameters, totalSize } from '../../nn/parameters.ts';
import { RandomStream } from '../../nn/random.ts';
import { Weights } from '../../nn/weights.ts';
import { warmedUpRate } from '../../training/schedules.ts';
import { formula } from '../formula.ts';
import { mapsLoss, mapsOf, patchDistances } from '../rebuilt-maps.ts';
import { bottleneckNumbers, dinomalyForward } from './forward.ts';
import { linearAttention } from './linear-attention.ts';
import { dinomalyLoss, lastHard } from './loss.ts';
import { dinomalyParameters } from './parameters.ts';

beforeAll(async () => {
  await setBackend('cpu');
});

const made = (shape: number[], salt: number): Tensor => {
  const size = shape.reduce((product, each) => product * each, 1);
  return tensor(Float32Array.from(formula(size, salt)), shape);
};
const largest = (x: Tensor) => Number(max(abs(x)).dataSync()[0]);
const PAPER = definition.resolve('paper');
const mapsAt = (channels: number, count = 2) =>
  Array.from({ length: count }, (_, i) => ({ tap: `blocks.${i}`, grid: 4, channels }));
const network = mapNetwork({ ...PAPER, layers: 2, headChannels: 4 }, mapsAt(8));
const weights = (() => {
  const specs = dinomalyParameters(network);
  const flat = Float32Array.from(formula(totalSize(specs), 3), (x) => 0.4 * x);
  return new Weights(constantParameters(specs, flat));
})();

describe('Dinomaly’s network', () => {
  it.each([
    ['vit_small_patch14_reg4_dinov2', 384, 1_181_568, 14_195_712],
    ['vit_base_patch14_reg4_dinov2', 768, 4_722_432, 56_702_976],
  ] as const)('has the released parameters with %s', (backbone, channels, bottleneck, decoder) => {
    const specs = dinomalyParameters(mapNetwork(PAPER, mapsAt(channels)));
    const part = (name: string) => totalSize(specs.filter((spec) => spec.name.startsWith(name)));
    expect(part('bottleneck')).toBe(bottleneck);
    expect(part('decoder')).toBe(decoder);
    // 37.4 and 148.0 million with the frozen one.
    const all = totalSize(specs) + (findCatalogBackbone(backbone)?.parameters ?? 0);
    expect(all).toBe(channels === 384 ? 37_433_856 : 148_005_888);
  });

  it('starts within 0.03, most of it within 0.01', () => {
    const specs = dinomalyParameters(network).filter(({ name }) => name.endsWith('fc1.weight'));
    const flat = initializeParameters(specs, RandomStream.from(1, 'weights'));
    expect(Math.max(...flat.map(Math.abs))).toBeLessThanOrEqual(0.03);
    const within = flat.filter((x) => Math.abs(x) < 0.01).length / flat.length;
    expect(within).toBeGreaterThan(0.6);
    expect(within).toBeLessThan(0.76);
  });

  it('attends as it would one query at a time', () => {
    const [n, tokens, channels, heads] = [1, 3, 4, 2];
    const flat = (size: number, salt: number) => Array.from(formula(size, salt));
    const identity = Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
    const layer = new Weights({
      'qkv.weight': tensor(flat(12 * 4, 1), [12, 4]),
      'qkv.bias': tensor(flat(12, 2), [12]),
      'proj.weight': tensor(identity, [4, 4]),
      'proj.bias': tensor([0, 0, 0, 0]),
    });
    const x = made([n, tokens, channels], 5);
    const qkv = layer.linear('qkv', x).arraySync() as number[][][];
    const positive = (value: number) => (value > 0 ? value + 1 : Math.exp(value));
    const expected = Array.from({ length: tokens }, (_, query) =>
      Array.from({ length: channels }, (_, c) => {
        const head = Math.floor(c / 2);
        const [first, second] = [2 * head, 2 * head + 1];
        const weightOf = (key: number) =>
          [first, second].reduce(
            (sum, at) =>
              sum + positive(qkv[0]![query]![at]!) * positive(qkv[0]![key]![channels + at]!),
            0,
          );
        const all = [0, 1, 2].map(weightOf);
        const total = all.reduce((sum, one) => sum + one, 0);
        return (
          all.reduce((sum, one, key) => sum + one * qkv[0]![key]![2 * channels + c]!, 0) / total
        );
      }),
    );
    expect(largest(sub(linearAttention(layer, x, heads), tensor([expected])))).toBeLessThan(1e-5);
  });

  it('is the same of two maps as of the eight that they average', () => {
    const eight = Array.from({ length: 8 }, (_, block) => made([2, 16, 8], 20 + block));
    const mean = (maps: readonly Tensor[]) =>
      mul(
        maps.reduce((total, map) => add(total, map)),
        1 / maps.length,
      );
    const two = [mean(eight.slice(0, 4)), mean(eight.slice(4))];
    const inputs = { tokens0: two[0]!, tokens1: two[1]! };
    const { input, targets } = mapsOf(
      { network, levels: mapsAt(8), whitenings: [null, null] },
      inputs,
    );
    expect(targets).toEqual(two);
    const rebuilt = dinomalyForward(weights, input, network);
    const ofEight = dinomalyForward(weights, mean(eight), network);
    for (const [map, own] of rebuilt.entries())
      expect(largest(sub(own, ofEight[map]!))).toBeLessThan(1e-6);
  });

  it('takes class and registers along, and lets go of them; its last layers rebuild the first map', () => {
    const first = { tap: FIRST_TOKENS, grid: 1, channels: 3 * 8 };
    const wide = mapNetwork({ ...PAPER, layers: 2, headChannels: 4 }, [...mapsAt(8), first]);
    expect(wide).toEqual({ ...network, firstTokens: 3 });
    const patches = made([2, 16, 8], 1);
    const model = { network: wide, levels: [...mapsAt(8), first], whitenings: [null, null] };
    const given = { tokens0: patches, tokens1: patches, tokens2: made([2, 1, 24], 2) };
    const { input } = mapsOf(model, given);
    expect(input.shape).toEqual([2, 19, 8]);
    expect(largest(sub(slice(input, [0, 3, 0], [2, 16, 8]), patches))).toBe(0);
    const rebuilt = dinomalyForward(weights, input, wide);
    expect(rebuilt.map((map) => map.shape)).toEqual([
      [2, 16, 8],
      [2, 16, 8],
    ]);
    const shallow = dinomalyForward(weights, input, { ...wide, layers: 1, maps: 1 });
    expect(largest(sub(shallow[0]!, rebuilt[1]!))).toBeLessThan(1e-6);
  });

  it('uses up all numbers of its dropout', () => {
    const count = bottleneckNumbers(network, 2);
    const dropout = new Dropout(made([count], 3), 0.2);
    dinomalyForward(weights, made([2, 16, 8], 1), network, dropout);
    expect(dropout.used).toBe(count);
  });
});

describe('Dinomaly’s loss', () => {
  const targets = [made([2, 16, 8], 7)];
  const rebuilt = made([2, 16, 8], 8);
  const gradientOf = (easyWeight: number, place: number) =>
    grad((x) => dinomalyLoss(targets, [x], { easyWeight, lastHard: tensor([place]) }))(rebuilt);
  const plain = () => grad((x) => mapsLoss(targets, [x]))(rebuilt);

  it('lies between 0 and 2', () => {
    const of = (x: Tensor) => mapsLoss(targets, [x]).dataSync()[0]!;
    expect(of(targets[0]!)).toBeCloseTo(0, 6);
    expect(of(neg(targets[0]!))).toBeCloseTo(2, 6);
    expect(of(rebuilt)).toBeGreaterThan(0);
    expect(of(rebuilt)).toBeLessThan(2);
  });

  it('has the gradient of the plain cosine where all count alike', () => {
    expect(largest(sub(gradientOf(1, 3), plain()))).toBe(0);
    // Before it has begun, no patch is easy.
    expect(largest(sub(gradientOf(0.1, lastHard(PAPER, 32, 0)), plain()))).toBe(0);
  });

  it('leaves easy patches a tenth of theirs, and the value as it is', () => {
    const hard = 4;
    const distances = Array.from(patchDistances(targets[0]!, rebuilt).dataSync());
    const limit = [...distances].sort((a, b) => b - a)[hard - 1]!;
    const [damped, whole] = [gradientOf(0.1, hard - 1), plain()].map((x) => x.dataSync());
    for (const [place, value] of whole!.entries()) {
      const isEasy = distances[Math.floor(place / 8)]! < limit;
      expect(damped![place]).toBeCloseTo(isEasy ? 0.1 * value : value, 8);
    }
    const value = (easyWeight: number) =>
      dinomalyLoss(targets, [rebuilt], { easyWeight, lastHard: tensor([3]) }).dataSync()[0];
    expect(value(0.1)).toBe(mapsLoss(targets, [rebuilt]).dataSync()[0]);
  });

  it('finds more and more patches easy, up to nine in ten', () => {
    // int(12544·(1 − p)) of the released code, p = min(0.9·step/1000, 0.9).
    const places = [0, 1, 500, 1000, 9999].map((step) => lastHard(PAPER, 16 * 784, step));
    expect(places).toEqual([12543, 12531, 6898, 1253, 1253]);
  });

  it('learns by the released schedule', () => {
    const rate = (step: number) => warmedUpRate(PAPER, step, 10_000);
    expect(rate(0)).toBe(0);
    expect(rate(1)).toBeCloseTo(2e-3 / 99, 12);
    expect(rate(99)).toBeCloseTo(2e-3, 12);
    expect(rate(100)).toBeCloseTo(2e-3, 12);
    expect(rate(100 + 4950)).toBeCloseTo(1.1e-3, 12);
    expect(rate(9999)).toBeCloseTo(2e-4, 9);
  });
});
