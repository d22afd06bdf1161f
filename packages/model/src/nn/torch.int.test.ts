/** @file Layers and optimizers against PyTorch's values, recorded for onnxruntime and as they are on the CPU backend. */
import { readFileSync } from 'node:fs';
import type { Executor, TensorMap } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { mul, type Rank, sum, type Tensor, valueAndGrads } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEagerExecutor, loadProgram } from '../eager/index.ts';
import { float32 } from '../onnx/index.ts';
import type { TracedFunction } from '../trace/index.ts';
import { ADAM_DEFAULTS, type AdamConfig, adamRates, adamStep } from './adam.ts';
import { batchNormInference, batchNormTraining, nextStatistics } from './batch-norm.ts';
import { clipByGlobalNorm, globalNorm } from './clip-norm.ts';
import { groupNorm } from './group-norm.ts';
import { movingAverage } from './moving-average.ts';
import { sgdStep } from './sgd.ts';
import { type StableAdamWConfig, stableAdamWRates, stableAdamWStep } from './stable-adamw.ts';
import { Weights } from './weights.ts';

interface NormCase {
  readonly x: number[];
  readonly upstream: number[];
  readonly y: number[];
  readonly dx: number[];
  readonly dweight: number[];
  readonly dbias: number[];
}
interface OptimizerCase {
  readonly start: number[];
  readonly steps: readonly { readonly gradient: number[]; readonly weights: number[] }[];
}
interface Fixture {
  readonly batchNorm: {
    readonly weight: number[];
    readonly bias: number[];
    readonly inference: number[];
    readonly batches: readonly (NormCase & {
      readonly runningMean: number[];
      readonly runningVariance: number[];
    })[];
  };
  readonly groupNorm: NormCase & { readonly weight: number[]; readonly bias: number[] };
  readonly clip: {
    readonly gradients: number[][];
    readonly cases: readonly { limit: number; norm: number; clipped: number[][] }[];
  };
  readonly ema: {
    readonly decay: number;
    readonly steps: readonly { readonly weights: number[]; readonly average: number[] }[];
  };
  readonly adamL2: OptimizerCase;
  readonly adamW: OptimizerCase;
  readonly sgd: OptimizerCase;
  readonly stableFalling: OptimizerCase;
  readonly stableRising: OptimizerCase;
  readonly stableRandom: OptimizerCase;
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Fixture;

type Given = Readonly<Record<string, Tensor>>;

const EXECUTORS = {
  recorded: () => createExecutor({ threads: 1 }),
  eager: async () =>
    createEagerExecutor({
      backend: 'tfjs-cpu',
      graphs: await createExecutor({ threads: 1 }),
    }),
};

/** Runs a program once; its outputs may have the names of its inputs. */
async function run(executor: Executor, feeds: TensorMap, body: TracedFunction): Promise<TensorMap> {
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { shape }]) => [name, { shape }]),
  );
  const renamed: TracedFunction = (given) =>
    Object.fromEntries(Object.entries(body(given)).map(([name, x]) => [`${OUT}${name}`, x]));
  const session = await loadProgram(executor, { name: 'case', inputs, body: renamed });
  try {
    const found = Object.entries(await session.run(feeds));
    return Object.fromEntries(found.map(([name, x]) => [name.slice(OUT.length), x]));
  } finally {
    await session.release();
  }
}
const OUT = 'next/';

/** Some tensors by name. */
function pick<K extends string>(given: Given, names: readonly K[]): Record<K, Tensor> {
  return Object.fromEntries(names.map((name) => [name, given[name]])) as Record<K, Tensor>;
}

const vector = (values: readonly number[], shape: readonly number[] = [values.length]) =>
  float32(shape, Float32Array.from(values));

function expectClose(actual: TensorMap, expected: Readonly<Record<string, readonly number[]>>) {
  for (const [name, values] of Object.entries(expected)) {
    const found = Array.from(actual[name]?.data as Float32Array);
    expect(found, name).toHaveLength(values.length);
    for (const [i, value] of values.entries())
      expect(Math.abs((found[i] as number) - value), `${name}[${i}]`).toBeLessThan(
        2e-5 * Math.max(1, Math.abs(value)),
      );
  }
}

/** The outputs `y`, `dx`, `dweight`, `dbias` of a normalization. */
function normalization(given: Given, normalize: (layer: Weights, x: Tensor) => Tensor) {
  const { x, weight, bias, upstream } = pick(given, ['x', 'weight', 'bias', 'upstream']);
  const of = (...[pixels, w, b]: Tensor[]) =>
    normalize(new Weights({ weight: w as Tensor, bias: b as Tensor }), pixels as Tensor);
  const weighted = (...inputs: Tensor[]) => sum<Tensor<Rank.R0>>(mul(of(...inputs), upstream));
  const [dx, dweight, dbias] = valueAndGrads(weighted)([x, weight, bias]).grads as [
    Tensor,
    Tensor,
    Tensor,
  ];
  return { y: of(x, weight, bias), dx, dweight, dbias };
}

describe.each(Object.entries(EXECUTORS))('%s, PyTorch values', (_, start) => {
  it('batch normalization: two batches and their running statistics, then inference', async () => {
    const { weight, bias, batches, inference } = torch.batchNorm;
    const executor = await start();
    const layer = { weight: vector(weight), bias: vector(bias) };
    let running: TensorMap = { mean: vector([0, 0, 0, 0]), variance: vector([1, 1, 1, 1]) };
    for (const batch of batches) {
      const [x, upstream] = [vector(batch.x, [2, 3, 3, 4]), vector(batch.upstream, [2, 3, 3, 4])];
      const found = await run(executor, { x, upstream, ...layer, ...running }, (given) => ({
        ...normalization(given, batchNormTraining),
        ...nextStatistics(pick(given, ['mean', 'variance']), given['x'] as Tensor),
      }));
      const { y, dx, dweight, dbias, runningMean: mean, runningVariance: variance } = batch;
      expectClose(found, { y, dx, dweight, dbias, mean, variance });
      running = { mean: vector(mean), variance: vector(variance) };
    }
    const x = vector(batches[0]?.x ?? [], [2, 3, 3, 4]);
    const found = await run(executor, { x, ...layer, ...running }, (given) => ({
      y: batchNormInference(
        new Weights(given),
        given['x'] as Tensor,
        pick(given, ['mean', 'variance']),
      ),
    }));
    expectClose(found, { y: inference });
  });

  it('group normalization', async () => {
    const { x, upstream, weight, bias, ...expected } = torch.groupNorm;
    const feeds = {
      x: vector(x, [2, 3, 2, 6]),
      upstream: vector(upstream, [2, 3, 2, 6]),
      weight: vector(weight),
      bias: vector(bias),
    };
    const found = await run(await start(), feeds, (given) =>
      normalization(given, (layer, pixels) => groupNorm(layer, pixels, 3)),
    );
    expectClose(found, { ...expected });
  });

  it('clipping by the global norm, with and without effect', async () => {
    const { gradients, cases } = torch.clip;
    const feeds = { a: vector(gradients[0] ?? [], [2, 3]), b: vector(gradients[1] ?? []) };
    const executor = await start();
    for (const { limit, norm, clipped } of cases) {
      const found = await run(executor, feeds, (given) => {
        const tensors = [given['a'] as Tensor, given['b'] as Tensor];
        const [a, b] = clipByGlobalNorm(tensors, limit) as [Tensor, Tensor];
        return { a, b, norm: globalNorm(tensors) };
      });
      expectClose(found, { a: clipped[0] ?? [], b: clipped[1] ?? [], norm: [norm] });
    }
  });

  it('moving averages of weights', async () => {
    const executor = await start();
    const { decay, steps } = torch.ema;
    let average = steps[0]?.average ?? [];
    for (const step of steps.slice(1)) {
      const feeds = { average: vector(average), value: vector(step.weights) };
      const found = await run(executor, feeds, (given) => ({
        y: movingAverage(given['average'] as Tensor, given['value'] as Tensor, decay),
      }));
      expectClose(found, { y: step.average });
      average = step.average;
    }
  });

  it.each([
    ['Adam with L2', torch.adamL2, { ...ADAM_DEFAULTS, l2: 0.1 }],
    ['AdamW', torch.adamW, { ...ADAM_DEFAULTS, weightDecay: 0.1 }],
  ] as const)('%s', async (_name, expected, config: AdamConfig) => {
    await follow(await start(), expected, {
      moments: ['firstMoment', 'secondMoment'],
      rates: (step) => ({ ...adamRates(step, 0.01, config) }),
      step: (given, gradient) => {
        const state = pick(given, ['weights', 'firstMoment', 'secondMoment']);
        const rates = pick(given, ['stepSize', 'epsilon', 'keep']);
        return { ...adamStep(state, gradient, rates, config) };
      },
    });
  });

  it('SGD with momentum and L2', async () => {
    await follow(await start(), torch.sgd, {
      moments: ['velocity'],
      rates: () => ({ learningRate: 0.4 }),
      step: (given, gradient) => {
        const state = pick(given, ['weights', 'velocity']);
        return {
          ...sgdStep(state, gradient, pick(given, ['learningRate']), { momentum: 0.9, l2: 0.1 }),
        };
      },
    });
  });

  const stable: StableAdamWConfig = {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-10,
    weightDecay: 0.1,
  };
  it.each([
    ['falling gradients (AdamW with amsgrad)', torch.stableFalling],
    ['rising gradients', torch.stableRising],
    ['random gradients', torch.stableRandom],
  ])('StableAdamW, %s', async (_name, expected) => {
    await follow(await start(), expected, {
      moments: ['firstMoment', 'secondMoment', 'largestMoment'],
      rates: (step) => ({ ...stableAdamWRates(step, 0.01, stable) }),
      step: (given, gradient) => {
        const state = pick(given, ['weights', 'firstMoment', 'secondMoment', 'largestMoment']);
        const rates = pick(given, ['stepSize', 'correction', 'keep']);
        return { ...stableAdamWStep(state, gradient, rates, stable) };
      },
    });
  });
});

interface Optimizer {
  readonly moments: readonly string[];
  rates(step: number): Readonly<Record<string, number>>;
  step(given: Given, gradient: Tensor): Given;
}

/** Takes an optimizer's steps one after the other and compares the weights after each. */
async function follow(executor: Executor, expected: OptimizerCase, optimizer: Optimizer) {
  const zeros = expected.start.map(() => 0);
  let state: TensorMap = {
    weights: vector(expected.start),
    ...Object.fromEntries(optimizer.moments.map((name) => [name, vector(zeros)])),
  };
  for (const [index, { gradient, weights }] of expected.steps.entries()) {
    const rates = Object.entries(optimizer.rates(index + 1));
    const feeds = {
      ...state,
      gradient: vector(gradient),
      ...Object.fromEntries(rates.map(([name, value]) => [name, vector([value], [])])),
    };
    state = await run(executor, feeds, (given) =>
      optimizer.step(given, given['gradient'] as Tensor),
    );
    expectClose(state, { weights });
  }
}
