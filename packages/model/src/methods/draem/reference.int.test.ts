/** @file DRAEM's networks, loss and steps against PyTorch, with small networks; the published number of parameters. */
import { readFileSync } from 'node:fs';
import { draem as definition, draemNetwork, IMAGENET_COLORS } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { BATCH as ANY } from '../../trace/index.ts';
import { sampled, trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { defectProbabilities, focalLoss, meanSsim } from './loss.ts';
import { draemBuffers, draemParameters, unetParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { draemTrainable } from './trainable.ts';

interface Fixture {
  readonly counts: readonly number[];
  readonly loss: number;
  readonly gradient: readonly (readonly number[])[];
  readonly statistics: readonly (readonly number[])[];
  readonly probability: readonly number[];
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Fixture;

const [WIDTH, SIDE, BATCH] = [4, 64, 2] as const;
const PIXELS = SIDE ** 2;
const network = draemNetwork(WIDTH);
const specs = draemParameters(network);

function startWeights(): Float32Array {
  return Float32Array.from(
    specs.flatMap((spec, index) => {
      const [, , inChannels = 0] = spec.shape;
      const scale = spec.shape.length === 4 ? 1.5 * Math.sqrt(3 / (9 * inChannels)) : 0.1;
      const shift = spec.name.endsWith('norm.weight') ? 1 : 0;
      return Array.from(formula(parameterSize(spec), index), (x) => x * scale + shift);
    }),
  );
}

function batchOf(step: number) {
  const colors = (salt: number) => formula(BATCH * 3 * PIXELS, salt + step).map((x) => (x + 1) / 2);
  const masks = formula(BATCH * PIXELS, 2000 + step).map((x) => (x > 0.5 ? 1 : 0));
  const [images, other] = [colors(1000), colors(3000)];
  const damaged = images.map((x, i) => (masks[Math.floor(i / 3)] === 1 ? other[i]! : x));
  const shape = [BATCH, SIDE, SIDE, 3];
  return {
    images: float32(shape, Float32Array.from(images)),
    damaged: float32(shape, Float32Array.from(damaged)),
    masks: float32([BATCH, SIDE, SIDE, 1], Float32Array.from(masks)),
  };
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, within: number): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i]! - expected[i]!), String(i)).toBeLessThan(within);
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const length = (a: readonly number[]) => Math.sqrt(dot(a, a));
const cosine = (a: readonly number[], b: readonly number[]) => dot(a, b) / length(a) / length(b);

describe('DRAEM, as PyTorch computes it', () => {
  it('has 97.423 million parameters as published, 69.05 and 28.37', () => {
    const { rebuilding, separating } = draemNetwork(definition.resolve('paper').width);
    expect([rebuilding, separating].map((net) => totalSize(unetParameters(net)))).toEqual(
      torch.counts,
    );
    expect(totalSize(draemParameters({ rebuilding, separating }))).toBe(97_422_725);
  });

  it('has the loss and the gradient of a step, and keeps the running statistics', async () => {
    const trainable = draemTrainable({
      preset: {
        ...definition.resolve('paper'),
        ...{ imageSizePx: SIDE, batchSize: BATCH, width: WIDTH },
      },
      ...{ seed: 0, categories: 1, maxSteps: 10 },
      images: { count: 4, read: async () => {} },
    });
    const found = await trainedSteps(trainable, startWeights(), [batchOf(0)]);
    expect(found.losses[0]).toBeCloseTo(torch.loss, 4);
    // Forty normalized layers amplify rounding: PyTorch's own gradients in float32 and float64 differ by percents.
    const gradient = Object.values(sampled(specs, found.gradient));
    const ofRebuilding = unetParameters(network.rebuilding).length;
    for (const part of [[0, ofRebuilding], [ofRebuilding]] as const) {
      const [own, expected] = [
        gradient.slice(...part).flat(),
        torch.gradient.slice(...part).flat(),
      ];
      expect(cosine(own, expected)).toBeGreaterThan(0.99);
      expect(length(own) / length(expected)).toBeCloseTo(1, 1);
    }
    for (const [index, { name }] of draemBuffers(network).entries())
      expectClose(found.buffers[name]!, torch.statistics[index]!, 1e-3);
  });

  it('gives the probability of a defect with the running statistics', async () => {
    const buffers = draemBuffers(network).map(({ name, shape: [channels = 0] }, index) => {
      const shift = name.endsWith('variance') ? 1 : 0;
      return [name, formula(channels, 500 + index).map((x) => x * 0.2 + shift)] as const;
    });
    const program = scoresProgram(network, SIDE, {
      weights: startWeights(),
      buffers: Object.fromEntries(buffers.map(([name, x]) => [name, Float32Array.from(x)])),
    });
    const session = await loadProgram(await createExecutor({ threads: 1 }), program);
    const { damaged } = batchOf(9);
    const { mean, std } = IMAGENET_COLORS;
    const pixels = Float32Array.from({ length: BATCH * 3 * PIXELS }, (_, i) => {
      const [image, channel] = [Math.floor(i / 3 / PIXELS), Math.floor(i / PIXELS) % 3];
      const color = Number(damaged.data[(image * PIXELS + (i % PIXELS)) * 3 + channel]);
      return (color - mean[channel]!) / std[channel]!;
    });
    const { scores0 } = await session.run({ pixels: float32([BATCH, 3, SIDE, SIDE], pixels) });
    await session.release();
    const scores = scores0?.data as Float32Array;
    expect(scores0?.shape).toEqual([BATCH, PIXELS]);
    expectClose(
      scores.filter((_, i) => i % 37 === 0),
      torch.probability,
      1e-4,
    );
  });

  it('has the terms of the loss by hand', async () => {
    const session = await loadProgram(await createExecutor({ threads: 1 }), {
      name: 'terms',
      inputs: { image: { shape: [ANY, 16, 16, 3] } },
      batchPlaceholder: ANY,
      body: ({ image }) => ({
        same: meanSsim(image as Tensor4D, image as Tensor4D),
        half: defectProbabilities(zeros([1, 16, 16, 2])),
        focal: focalLoss(zeros([1, 16, 16, 2]), zeros([1, 16, 16, 1])),
      }),
    });
    const image = float32([1, 16, 16, 3], Float32Array.from(formula(768, 1)));
    const { same, half, focal } = await session.run({ image });
    await session.release();
    expect(same?.data[0]).toBeCloseTo(1, 5);
    expect(half?.data).toEqual(new Float32Array(256).fill(0.5));
    // −(1 − 0.50001)² · log 0.50001.
    expect(focal?.data[0]).toBeCloseTo(-((1 - 0.50001) ** 2) * Math.log(0.50001), 5);
  });
});
