/** @file FOD's network, its two-phase loss, training and scores against PyTorch. */
import { readFileSync } from 'node:fs';
import { fod as definition, type FodPreset, fodNetworks } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { sampled, trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import type { FodModel } from './network.ts';
import { fodParameters, networkParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { fodTrainable } from './trainable.ts';

interface Fixture {
  readonly losses: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
  readonly weights: Readonly<Record<string, readonly number[]>>;
  readonly reconstruction: readonly number[];
  readonly scores: readonly number[];
  readonly counts: Readonly<Record<string, number>>;
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Fixture;

const [IMAGES, GRID, CHANNELS] = [2, 4, 6];
const LEVELS = [{ tap: 'layer2', grid: GRID, channels: CHANNELS }];
const SIZE = GRID ** 2 * CHANNELS;

function modelOf(given: Partial<FodPreset>): FodModel {
  const preset: FodPreset = {
    ...definition.resolve('paper', { layers: 2, heads: 2, batchSize: IMAGES }),
    ...{ widthShare: 8 / CHANNELS, learningRate: 0.01, ...given },
  };
  return {
    ...{ preset, levels: LEVELS, networks: fodNetworks(preset, LEVELS), whitenings: [null] },
    references: { count: 1, levels: [Float32Array.from(formula(SIZE, 90))] },
  };
}

const model = modelOf({});
const specs = fodParameters(model.networks);

function startWeights(): Float32Array {
  return Float32Array.from(
    specs.flatMap((spec, salt) => {
      const size = parameterSize(spec);
      if (spec.name.includes('norm')) return Array(size).fill(spec.name.endsWith('weight') ? 1 : 0);
      return [...formula(size, salt)].map((x) => 0.6 * x);
    }),
  );
}

function feedsOf(step: number, images = IMAGES) {
  const values = Float32Array.from(formula(images * SIZE, 100 + step), (x) => 2 * x);
  return { tokens0: float32([images, GRID ** 2, CHANNELS], values) };
}

function steps(of: FodModel, count: number) {
  const trainable = fodTrainable({
    ...{ ...of, seed: 0, categories: 1 },
    features: { count: IMAGES, categories: [], read: () => {} },
  });
  return trainedSteps(
    trainable,
    startWeights(),
    Array.from({ length: count }, (_, step) => feedsOf(step)),
  );
}

/** All but the biases of keys, which softmax takes away: their gradient is rounding, which Adam makes into steps. */
function expectClose(
  found: Readonly<Record<string, readonly number[]>>,
  expected: Readonly<Record<string, readonly number[]>>,
  within: number,
): void {
  for (const [name, values] of Object.entries(expected)) {
    if (name.endsWith('key.bias')) continue;
    const own = found[`levels.0.${name}`] ?? [];
    expect(own, name).toHaveLength(values.length);
    for (const [i, value] of values.entries())
      expect(Math.abs(own[i]! - value), `${name} ${i}`).toBeLessThan(within);
  }
}

describe('FOD, as PyTorch computes it', () => {
  it('adds the gradients of both phases, and takes three steps', async () => {
    const { losses, weights, gradient } = await steps(model, torch.losses.length);
    for (const [step, loss] of torch.losses.entries()) expect(losses[step]).toBeCloseTo(loss, 4);
    expectClose(sampled(specs, gradient), torch.gradients, 2e-5);
    expectClose(sampled(specs, weights), torch.weights, 2e-3);
  });

  it('scores a patch by how it is rebuilt, and by its attention to the reference', async () => {
    const { weights } = await steps(model, torch.losses.length);
    const scoresOf = async (score: FodPreset['score']) => {
      const session = await loadProgram(
        await createExecutor({ threads: 1 }),
        scoresProgram(modelOf({ score }), weights),
      );
      const { scores0 } = await session.run(feedsOf(9, 1));
      await session.release();
      expect(scores0?.shape).toEqual([1, GRID ** 2]);
      return scores0?.data as Float32Array;
    };
    const both = await scoresOf('both');
    const reconstruction = await scoresOf('reconstruction');
    for (const [place, score] of torch.reconstruction.entries())
      expect(Math.abs(reconstruction[place]! / score - 1), String(place)).toBeLessThan(5e-3);
    for (const [place, score] of torch.scores.entries())
      expect(Math.abs(both[place]! - score), String(place)).toBeLessThan(1e-3);
    // The token that is closest to its own neighborhood always scores 0.
    expect(Math.min(...both)).toBe(0);
  });

  it('has the parameters of the released networks but the projections that these throw away', () => {
    for (const channels of [512, 1024]) {
      const levels = [{ tap: 'a', grid: 32, channels }];
      const [network] = fodNetworks(definition.resolve('paper'), levels);
      const size = totalSize(networkParameters('a', network!));
      expect(size).toBe(torch.counts[channels]);
      const thrownAway = 2 * 3 * (network!.width ** 2 + network!.width);
      expect(size + thrownAway).toBe(torch.counts[`${channels} with output`]);
    }
    expect((14_234_208 + 3_578_208) / 1e6).toBeCloseTo(17.8, 1);
  });
});
