/** @file FastFlow's flows, loss, gradients and maps against FrEIA and PyTorch, as gathierry/FastFlow uses them. */
import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import { fastflow as definition } from '@plumbline/contracts';
import { exp, mul, neg, setBackend, square, sum, tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Mixing } from '../../nn/coupling.ts';
import { byName, type ParameterSpec, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { adam } from '../../training/optimizers.ts';
import { sampled, takeSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { fastflowLoss } from './loss.ts';
import { fastflowParameters } from './parameters.ts';
import { patchScores } from './score.ts';
import { flowsOf } from './trainable.ts';

interface Fixture {
  readonly orders: readonly number[][][];
  readonly losses: readonly number[];
  /** Of a parameter at most eight numbers, evenly spread. */
  readonly gradients: Readonly<Record<string, number[]>>;
  readonly weights: Readonly<Record<string, number[]>>;
  /** For each level the released score of its places. */
  readonly maps: readonly number[][];
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Fixture;

const LEVELS = [
  { tap: 'layer1', channels: 5, grid: 4 },
  { tap: 'layer2', channels: 6, grid: 2 },
];
const SHAPE = { blocks: 2, kernels: '3-1', hiddenRatio: 1 } as const;
const specs = fastflowParameters(SHAPE, LEVELS);
const mixings = torch.orders.map((orders) =>
  orders.map((order): Mixing => ({ kind: 'hard', order: Int32Array.from(order) })),
);
const network = { levels: LEVELS, whitenings: [null, null] };

/** What `make-fixtures.py` begins with. */
function startOf({ name, shape }: ParameterSpec): ArrayLike<number> {
  const size = shape.reduce((product, side) => product * side, 1);
  const [, level = '0', , block = '0'] = name.split('.');
  const salt = 100 * Number(level) + 10 * Number(block);
  const times = (values: Float64Array, by: number) => values.map((value) => value * by);
  if (name.endsWith('norm.weight'))
    return formula(size, 900 + Number(level)).map((x) => 1 + 0.3 * x);
  if (name.endsWith('norm.bias')) return new Float64Array(size);
  if (name.endsWith('hidden.weight')) return filterOf(times(formula(size, salt), 0.8), shape);
  if (name.endsWith('hidden.bias')) return times(formula(size, salt + 1), 0.8);
  if (name.endsWith('out.weight')) return filterOf(times(formula(size, salt + 2), 0.8), shape);
  if (name.endsWith('out.bias')) return times(formula(size, salt + 3), 0.8);
  if (name.endsWith('offset')) return formula(size, salt + 5);
  return new Float64Array(size).fill(2 * Math.log(Math.exp(5) - 1));
}

/** PyTorch's filters `[O, I, k, k]` as ours, `[k, k, I, O]`. */
function filterOf(values: Float64Array, shape: readonly number[]): Float64Array {
  if (shape.length === 2) return values;
  const [k = 1, , inputs = 1, outputs = 1] = shape;
  return values.map((_, at) => {
    const [out, inside] = [at % outputs, Math.floor(at / outputs) % inputs];
    const place = Math.floor(at / (outputs * inputs));
    return values[(out * inputs + inside) * k * k + place]!;
  });
}

const start = Float32Array.from(specs.flatMap((spec) => [...Array.from(startOf(spec))]));

function feedsOf(step: number, images = 2) {
  const tokens = LEVELS.map(({ grid, channels }, level) => {
    const values = formula(images * grid ** 2 * channels, 300 + 10 * step + level);
    const data = Float32Array.from(values, (x) => 2 * x);
    return [`tokens${level}`, float32([images, grid ** 2, channels], data)] as const;
  });
  return Object.fromEntries(tokens);
}

/** Its tensors of the weights, for what is computed here. */
function parametersOf(flat: Float32Array) {
  let offset = 0;
  const tensors = specs.map(({ shape }) => {
    const size = shape.reduce((product, side) => product * side, 1);
    offset += size;
    return tensor(flat.slice(offset - size, offset), [...shape]);
  });
  return byName(tensors, specs);
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, what = ''): void {
  expect(found, what).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const within = 1e-4 * Math.max(1, Math.abs(expected[i]!));
    expect(Math.abs(found[i]! - expected[i]!), `${what} ${i}`).toBeLessThan(within);
  }
}

beforeAll(async () => {
  await setBackend('cpu');
});

describe('FastFlow, as FrEIA and PyTorch compute it', () => {
  it('takes three steps, and gives the map of an image after them', async () => {
    const { losses, weights, gradient } = await takeSteps({
      ...{ specs, start, optimizer: adam({ l2: 1e-5 }), learningRate: 0.01 },
      inputs: Object.fromEntries(
        LEVELS.map(({ grid, channels }, i) => [`tokens${i}`, { shape: [2, grid ** 2, channels] }]),
      ),
      feeds: [0, 1, 2].map((step) => feedsOf(step)),
      loss: (parameters, inputs) => fastflowLoss(flowsOf(network, mixings, parameters, inputs)),
    });
    expectClose(losses, torch.losses, 'losses');
    for (const [name, values] of Object.entries(sampled(specs, gradient)))
      expectClose(values, torch.gradients[name] ?? [], name);
    for (const [name, values] of Object.entries(sampled(specs, weights)))
      expectClose(values, torch.weights[name] ?? [], name);
    await setBackend('cpu');
    const inputs = Object.entries(feedsOf(9, 1)).map(([name, { data, shape }]) => [
      name,
      tensor(data as Float32Array, [...shape]),
    ]);
    const given = Object.fromEntries(inputs);
    const flows = flowsOf(network, mixings, parametersOf(weights), given);
    for (const [level, map] of torch.maps.entries()) {
      const scores = patchScores(flows[level]!.values, 'likelihood');
      expect(scores.shape).toEqual([1, LEVELS[level]!.grid ** 2]);
      expectClose(
        scores.dataSync(),
        map.map((value) => value + 1),
      );
      const energies = patchScores(flows[level]!.values, 'logLikelihood');
      expectClose(
        exp(neg(energies)).dataSync(),
        map.map((value) => -value),
      );
    }
  });

  it.each([
    ['ResNet-18', [64, 128, 256], '3', 5_574_912],
    ['WideResNet-50', [256, 512, 1024], '3-1', 45_007_872],
  ] as const)('has %s’ number of parameters', (_, channels, kernels, expected) => {
    const levels = channels.map((count, i) => ({
      ...{ tap: `layer${i + 1}`, channels: count, grid: 64 / 2 ** i },
    }));
    const shape = { ...definition.resolve('paper'), kernels };
    expect(totalSize(fastflowParameters(shape, levels))).toBe(expected);
  });

  it('has the loss ½Σx² where the flow changes nothing', () => {
    const values = tensor([1, 2, 3, -4, 0, 1], [1, 1, 2, 3]);
    const flowed = { values, logDeterminants: tensor([0, 0], [1, 1, 2]) };
    const half = mul(sum(square(values)), 0.5).dataSync()[0];
    expect(fastflowLoss([flowed]).dataSync()[0]).toBe(half);
    expect(fastflowLoss([flowed, flowed]).dataSync()[0]).toBe(31);
  });
});
