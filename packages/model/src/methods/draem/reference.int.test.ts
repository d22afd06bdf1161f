/** @file DRAEM's networks, loss and steps against PyTorch, with small networks; the published number of parameters. */
import { readFileSync } from 'node:fs';
import { draem as definition, draemNetwork } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { BATCH as ANY } from '../../trace/index.ts';
import { trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { defectProbabilities, focalLoss, meanSsim } from './loss.ts';
import { draemBuffers, draemParameters, unetParameters } from './parameters.ts';
import {
  expectScores,
  expectStep,
  madeUpStatistics,
  type PixelFixture,
} from './reference-checks.ts';
import { scoresProgram } from './score.ts';
import { draemTrainable } from './trainable.ts';

interface Fixture extends PixelFixture {
  readonly counts: readonly number[];
  readonly loss: number;
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
    expectStep(
      found,
      torch,
      {
        specs,
        ofFirst: unetParameters(network.rebuilding).length,
        buffers: draemBuffers(network),
      },
      { cosine: 0.99, digits: 1 },
    );
  });

  it('gives the probability of a defect with the running statistics', async () => {
    const program = scoresProgram(network, SIDE, {
      weights: startWeights(),
      buffers: madeUpStatistics(draemBuffers(network)),
    });
    await expectScores(program, batchOf(9).damaged, torch, 1e-4);
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
