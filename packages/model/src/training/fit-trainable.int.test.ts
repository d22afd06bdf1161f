/** @file The loop with all that a trainable may ask for at once, interrupted and not, on both kinds of executor. */
import { createExecutor } from '@plumbline/runtime';
import {
  add,
  matMul,
  mean,
  mul,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createEagerExecutor } from '../eager/eager-executor.ts';
import { float32 } from '../onnx/index.ts';
import { trace } from '../trace/index.ts';
import { allImages, EpochBatches } from './batches.ts';
import { differentiate } from './differentiate.ts';
import { type FitState, NO_CHECKPOINTS } from './fit-state.ts';
import { fitTrainable } from './fit-trainable.ts';
import { adam, adamW, stableAdamW } from './optimizers.ts';
import { streamsOf } from './streams.ts';
import type { Trainable, Trained } from './trainable.ts';
import { TrainingRun, type TrainingRunOptions } from './training-run.ts';

const STEPS = 12;
const random = streamsOf(5, '/odd/stage name');

/** y = (x + noise)·matrix + bias, to be 1 everywhere; the buffer is a moving mean of x. */
const TRAINABLE: Trainable = {
  name: '/odd/stage name',
  title: 'the test',
  steps: STEPS,
  groups: [
    {
      name: 'matrix',
      parameters: [{ name: 'matrix', shape: [3, 3], initializer: { kind: 'normal', std: 1 } }],
      optimizer: stableAdamW({ weightDecay: 1e-2 }),
      learningRate: () => 0.05,
    },
    {
      name: 'biases',
      parameters: [
        { name: 'bias', shape: [3], initializer: { kind: 'zeros' } },
        { name: 'scale', shape: [3], initializer: { kind: 'ones' } },
      ],
      optimizer: adamW({ weightDecay: 1e-3 }),
      learningRate: (step) => 0.1 / (step + 1),
    },
  ],
  buffers: [{ name: 'seen', shape: [3], initializer: { kind: 'ones' } }],
  averageDecay: 0.9,
  clipNorm: 0.5,
  inputs: { x: { shape: [2, 3] } },
  random,
  batches: new EpochBatches(allImages(5), 2, random),
  feeds: ({ images, random: streamOf }) => {
    const x = new Float32Array(6);
    streamOf('noise').fillNormal(x);
    for (let i = 0; i < 6; i++) x[i]! += images[Math.floor(i / 3)]! - 2;
    return { x: float32([2, 3], x) };
  },
  step: ({ parameters: given, buffers, inputs }) =>
    differentiate(given, (parameters) => {
      const x = inputs['x'] as Tensor;
      const at = (name: string) => parameters[name] as Tensor;
      const y = mul(add(matMul(x as Tensor2D, at('matrix') as Tensor2D), at('bias')), at('scale'));
      const seen = add(mul(buffers['seen'] as Tensor, 0.5), mul(mean(x, 0), 0.5));
      return { loss: sum(square(sub(y, 1))), buffers: { seen } };
    }),
  divergence: { field: 'f', fix: 'x' },
};

interface Attempt {
  saved: FitState | null;
}

async function train(
  trainable: Trainable,
  attempt: Attempt = { saved: null },
  options: Partial<TrainingRunOptions> & { stopAt?: number } = {},
): Promise<Trained> {
  const abort = new AbortController();
  const run = await TrainingRun.begin({
    executor: await createExecutor({ threads: 1 }),
    checkpoints: {
      ...NO_CHECKPOINTS,
      load: async () => attempt.saved,
      save: async (state) => {
        attempt.saved = structuredClone(state);
      },
    },
    checkpointEveryMs: 0,
    identity: 'test',
    signal: abort.signal,
    onProgress: ({ step }) => {
      if (step === options.stopAt) abort.abort();
    },
    ...options,
  });
  return fitTrainable(run, trainable);
}

describe('fitTrainable', () => {
  it('carries optimizers, averages, buffers and losses over an interruption at any step', async () => {
    const whole = await train(TRAINABLE);
    expect(whole.steps).toBe(STEPS);
    expect(whole.losses).toHaveLength(STEPS);
    for (const stopAt of [1, 2, 7, STEPS - 1]) {
      const attempt: Attempt = { saved: null };
      await expect(train(TRAINABLE, attempt, { stopAt })).rejects.toThrow();
      expect(await train(TRAINABLE, attempt), `stopped at ${stopAt}`).toEqual(whole);
      expect(await train(TRAINABLE, attempt), 'a finished stage is not trained again').toEqual(
        whole,
      );
    }
  });

  it('gives the same on TensorFlow.js as it is', async () => {
    const graphs = await createExecutor({ threads: 1 });
    const eager = createEagerExecutor({ backend: 'tfjs-cpu', graphs });
    const [recorded, run] = [
      await train(TRAINABLE),
      await train(TRAINABLE, undefined, { executor: eager }),
    ];
    for (const name of ['weights', 'averages', 'losses'] as const)
      for (const [i, value] of recorded[name].entries())
        expect(run[name][i], `${name} ${i}`).toBeCloseTo(value, 3);
    for (const [i, value] of (recorded.buffers['seen'] as Float32Array).entries())
      expect(run.buffers['seen']?.[i]).toBeCloseTo(value, 4);
  });

  it('averages weights, and keeps what a buffer has seen', async () => {
    const { weights, averages, buffers } = await train({ ...TRAINABLE, steps: 1 });
    const start = new Float32Array(9);
    random('weights').fillNormal(start);
    for (const [i, first] of start.entries())
      expect(averages[i]).toBeCloseTo(0.9 * first + 0.1 * weights[i]!, 5);
    const { x } = await TRAINABLE.feeds({
      step: 0,
      images: TRAINABLE.batches.images(0),
      random: (purpose) => random(purpose, 0),
    });
    const column = (i: number) => (Number(x?.data[i]) + Number(x?.data[i + 3])) / 2;
    for (const i of [0, 1, 2]) expect(buffers['seen']?.[i]).toBeCloseTo(0.5 + column(i) / 2, 5);
  });

  it('clips all gradients together', async () => {
    // At its first step Adam goes as far as the learning rate, whatever the gradient, but for its epsilon.
    const groups = TRAINABLE.groups.map((group) => ({ ...group, optimizer: adam({ epsilon: 1 }) }));
    const moved = async (clipNorm: number) => {
      const { weights } = await train({ ...TRAINABLE, groups, steps: 1, clipNorm });
      const start = new Float32Array(9);
      random('weights').fillNormal(start);
      return start.reduce((most, value, i) => Math.max(most, Math.abs(weights[i]! - value)), 0);
    };
    // A gradient of at most 1e-3 is divided by about 1.
    expect(await moved(1e-3)).toBeLessThan(0.05 * 1.1e-3);
    expect(await moved(1e6)).toBeGreaterThan(0.01);
  });

  it('keeps the state with the smallest held-out loss, over interruptions too', async () => {
    // How far the biases are from where they are after step 6.
    const best = 6;
    const { weights } = await train({ ...TRAINABLE, steps: best });
    const target = [...weights.subarray(9, 12)];
    const watchedFor = (biases: readonly number[], everySteps: number): Trainable => ({
      ...TRAINABLE,
      watch: {
        everySteps,
        purpose: 'keepBest',
        heldOut: {
          name: 'held-out',
          parameters: TRAINABLE.groups.flatMap(({ parameters }) => parameters),
          inputs: {},
          batches: [Int32Array.of(0)],
          feeds: async () => ({}),
          loss: ({ parameters }) => sum(square(sub(parameters['bias'] as Tensor, [...biases]))),
        },
      },
    });
    const watched = watchedFor(target, 2);
    const whole = await train(watched);
    expect(whole.steps).toBe(STEPS);
    expect(whole.losses).toHaveLength(STEPS);
    expect(whole.keptStep).toBe(best);
    const alone = await train({ ...TRAINABLE, steps: whole.keptStep });
    expect(whole.weights).toEqual(alone.weights);
    expect(whole.averages).toEqual(alone.averages);
    expect(whole.buffers).toEqual(alone.buffers);
    const atEnd = [...(await train(TRAINABLE)).weights.subarray(9, 12)];
    const { keptStep } = await train(watchedFor(atEnd, STEPS - 1));
    expect(keptStep, 'the last state is looked at, too').toBe(STEPS);
    for (const stopAt of [whole.keptStep + 1, STEPS - 1]) {
      const attempt: Attempt = { saved: null };
      await expect(train(watched, attempt, { stopAt })).rejects.toThrow();
      expect(await train(watched, attempt), `stopped at ${stopAt}`).toEqual(whole);
      expect(await train(watched, attempt), 'a finished stage keeps its step').toEqual(whole);
    }
  });

  it('computes a frozen graph in each step, recorded and as TensorFlow.js', async () => {
    const model = trace({ name: 'double', inputs: { given: { shape: [2, 3] } } }, ({ given }) => ({
      doubled: mul(given as Tensor, 2),
    }));
    const frozen = { model, inputs: { given: 'x' }, outputs: { doubled: [2, 3] } };
    const withFrozen: Trainable = {
      ...TRAINABLE,
      frozen,
      step: (given) =>
        TRAINABLE.step({ ...given, inputs: { x: mul(given.inputs['doubled'] as Tensor, 0.5) } }),
    };
    const expected = await train(TRAINABLE);
    const recorded = await train(withFrozen);
    const graphs = await createExecutor({ threads: 1 });
    const executor = createEagerExecutor({ backend: 'tfjs-cpu', graphs });
    const eager = await train(withFrozen, undefined, { executor });
    for (const [i, value] of expected.weights.entries()) {
      expect(recorded.weights[i]).toBeCloseTo(value, 6);
      expect(eager.weights[i]).toBeCloseTo(value, 3);
    }
  });

  it('says what is no longer finite, and what to do', async () => {
    const feeds = () => ({ x: float32([2, 3], new Float32Array(6).fill(Number.NaN)) });
    await expect(train({ ...TRAINABLE, feeds })).rejects.toMatchObject({
      message: 'The loss of the test is no longer finite at step 1.',
      field: 'f',
      fix: 'x',
    });
  });

  it('names the parameter that has no gradient', async () => {
    const step: Trainable['step'] = (given) => ({ ...TRAINABLE.step(given), gradients: {} });
    const { clipNorm, ...rest } = TRAINABLE;
    expect(clipNorm).toBeDefined();
    await expect(train({ ...rest, step })).rejects.toThrow('no gradient of "matrix"');
  });
});
