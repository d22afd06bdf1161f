/** @file DiffusionAD's networks, loss and steps against PyTorch, with small networks; the published number of parameters. */
import { readFileSync } from 'node:fs';
import { diffusionad as definition, denoiserWork, diffusionNetwork } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { mul, ones, type Tensor, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { unetParameters } from '../draem/parameters.ts';
import {
  expectScores,
  expectStep,
  madeUpStatistics,
  type PixelFixture,
} from '../draem/reference-checks.ts';
import { trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { noiseSchedule } from './diffusion.ts';
import { maskLoss, noiseLoss } from './loss.ts';
import { denoiserParameters, diffusionBuffers, diffusionParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { diffusionTrainable } from './trainable.ts';

interface Fixture extends PixelFixture {
  readonly counts: readonly number[];
  readonly noiseLoss: number;
  readonly maskLoss: number;
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Fixture;

const [WIDTH, SIDE, BATCH] = [8, 64, 2] as const;
const PIXELS = SIDE ** 2;
const network = diffusionNetwork(WIDTH, SIDE);
const specs = diffusionParameters(network);

function startWeights(): Float32Array {
  return Float32Array.from(
    specs.flatMap((spec, index) => {
      const { shape, name } = spec;
      // Filters are [3, 3, in, out], matrices [out, in].
      const fanIn = shape.length === 4 ? 9 * shape[2]! : shape[1]!;
      const scale = shape.length === 1 ? 0.1 : Math.sqrt(3 / fanIn);
      const shift = name.endsWith('norm.weight') ? 1 : 0;
      return Array.from(formula(parameterSize(spec), index), (x) => x * scale + shift);
    }),
  );
}

function batchOf(step: number) {
  const images = formula(BATCH * 3 * PIXELS, 1000 + step).map((x) => (x + 1) / 2);
  const masks = formula(BATCH * PIXELS, 2000 + step).map((x, i) =>
    x > 0.5 && i >= PIXELS ? 1 : 0,
  );
  const noise = formula(BATCH * 2 * 3 * PIXELS, 3000 + step).map((x) => 1.5 * x);
  return {
    damaged: float32([BATCH, SIDE, SIDE, 3], Float32Array.from(images)),
    masks: float32([BATCH, SIDE, SIDE, 1], Float32Array.from(masks)),
    noise: float32([BATCH, 2, SIDE, SIDE, 3], Float32Array.from(noise)),
    times: float32([BATCH, 2], [120, 700, 40, 450]),
  };
}

describe('DiffusionAD, as PyTorch computes it', () => {
  it('has 131.7 and 28.4 million parameters as published, and 281.6·10⁹ multiplications', () => {
    const { width, imageSizePx } = definition.resolve('paper');
    const { denoiser, separating } = diffusionNetwork(width, imageSizePx);
    const counts = [denoiserParameters(denoiser), unetParameters(separating)].map(totalSize);
    expect(counts).toEqual(torch.counts);
    expect(counts.map((count) => (count / 1e6).toFixed(1))).toEqual(['131.7', '28.4']);
    expect((denoiserWork(denoiser, imageSizePx) / 1e9).toFixed(1)).toBe('281.6');
  });

  it('has the loss and the gradient of a step, and keeps the running statistics', async () => {
    const trainable = diffusionTrainable({
      preset: {
        ...definition.resolve('paper'),
        ...{ imageSizePx: SIDE, batchSize: BATCH, width: WIDTH },
      },
      ...{ seed: 0, categories: 1, maxSteps: 10 },
      images: { count: 4, read: async () => {} },
    });
    const found = await trainedSteps(trainable, startWeights(), [batchOf(0)]);
    expect(found.losses[0]).toBeCloseTo(torch.noiseLoss + torch.maskLoss, 4);
    expectStep(
      found,
      torch,
      {
        specs,
        ofFirst: denoiserParameters(network.denoiser).length,
        buffers: diffusionBuffers(network),
      },
      { cosine: 0.999, digits: 2 },
    );
  });

  it('gives the probability of a defect with one noise for all images', async () => {
    const { damaged, noise } = batchOf(9);
    const program = scoresProgram(network, SIDE, {
      weights: startWeights(),
      buffers: madeUpStatistics(diffusionBuffers(network)),
      noise: (noise.data as Float32Array).slice(0, 2 * 3 * PIXELS),
    });
    await expectScores(program, damaged, torch, 1e-3);
  });

  it('has the terms of the loss by hand', async () => {
    const session = await loadProgram(await createExecutor({ threads: 1 }), {
      name: 'terms',
      inputs: { noise: { shape: [2, 2, 2, 2, 3] }, masks: { shape: [2, 2, 2, 1] } },
      body: ({ noise, masks }) => ({
        zeros: noiseLoss(noise as Tensor, noise as Tensor, masks as Tensor4D),
        ofOne: noiseLoss(mul(noise as Tensor, 3), noise as Tensor, masks as Tensor4D),
        ofNone: noiseLoss(mul(noise as Tensor, 3), noise as Tensor, ones([2, 2, 2, 1])),
        unsure: maskLoss(zeros([2, 2, 2, 1]), masks as Tensor4D),
      }),
    });
    const noise = float32([2, 2, 2, 2, 3], new Float32Array(48).fill(1));
    const masks = float32([2, 2, 2, 1], [0, 0, 0, 0, 0, 1, 0, 0]);
    const found = await session.run({ noise, masks });
    await session.release();
    // At both times 2², of the one image without a defect.
    expect(['zeros', 'ofOne', 'ofNone'].map((name) => found[name]?.data[0])).toEqual([0, 8, 0]);
    const unsure = found['unsure']?.data[0];
    expect(unsure).toBeCloseTo(5 * 0.5 * 0.5 ** 4 * Math.log(2) + 0.5 * 0.25, 6);
  });

  it('adds noise as the released schedule does', () => {
    const { signal, noise } = noiseSchedule();
    expect(signal).toHaveLength(1000);
    expect(signal[0]).toBeCloseTo(Math.sqrt(1 - 1e-4), 7);
    // Of PyTorch in float64: nothing but noise is left.
    expect(signal[999]).toBeCloseTo(0.0063528, 6);
    for (const step of [0, 200, 400, 999])
      expect(signal[step]! ** 2 + noise[step]! ** 2).toBeCloseTo(1, 6);
  });
});
