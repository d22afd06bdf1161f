/** @file RD++'s projections, training and maps against PyTorch, with few channels; the published number of parameters. */
import { readFileSync } from 'node:fs';
import {
  convolutionsOf,
  rdpp as definition,
  projectionSize,
  type ReverseNetwork,
  reverseNetwork,
  reverseSize,
} from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { imageFit } from '../made-up-images.ts';
import { tokenInputs } from '../step-feeds.ts';
import { projectionParameters, rdppParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { rdppTrainable } from './trainable.ts';

interface Fixture {
  readonly projections: number;
  readonly losses: readonly number[];
  readonly projectionGradients: readonly number[];
  readonly maps: readonly (readonly number[])[];
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Fixture;

const [BATCH, SIDE] = [2, 16];

function networkOf(
  channels: readonly number[],
  side: number,
  kind: 'resnet18' | 'aderWideResnet50',
) {
  const levels = channels.map((each, level) => ({
    ...{ tap: `layer${level + 1}`, grid: side >> level, channels: each },
  }));
  return reverseNetwork(kind, levels);
}

const network = networkOf([4, 6, 8], SIDE, 'resnet18');

/** What the backbone gives of each level, as the fixtures have it. */
function featuresOf({ levels }: ReverseNetwork, step: number): Float32Array[] {
  return levels.map(({ grid, channels }, level) =>
    Float32Array.from(formula(BATCH * grid ** 2 * channels, 1000 + 10 * step + level), (x) =>
      Math.max(0, x),
    ),
  );
}

/** Of images, then of the same with noise. */
function stepFeedsOf(step: number) {
  const clean = featuresOf(network, step);
  const other = featuresOf(network, 50 + step);
  const feeds = network.levels.map(({ grid, channels }, level) => {
    const own = clean[level] as Float32Array;
    const noisy = own.map((x, i) => 0.9 * x + 0.1 * other[level]![i]!);
    const both = Float32Array.of(...own, ...noisy);
    return [`tokens${level}`, float32([2 * BATCH, grid ** 2, channels], both)];
  });
  return Object.fromEntries(feeds);
}

function startWeights(): Float32Array {
  const ofProjections = projectionParameters(network);
  const convolutions = convolutionsOf(network);
  const counts = { projection: 0, network: 0 };
  return Float32Array.from(
    rdppParameters(network).flatMap((spec, index) => {
      const size = parameterSize(spec);
      if (index < ofProjections.length) {
        const place = counts.projection++ >> 1;
        const [, , inChannels] = spec.shape;
        return inChannels === undefined
          ? Array.from(formula(size, 800 + place), (x) => x * 0.1)
          : Array.from(formula(size, 700 + place), (x) => x * Math.sqrt(1 / (3 * inChannels)));
      }
      if (spec.name.endsWith('norm.weight')) return Array(size).fill(1);
      if (spec.name.endsWith('norm.bias')) return Array(size).fill(0);
      const { kernel, inChannels } = convolutions[counts.network] as (typeof convolutions)[number];
      const scale = Math.sqrt(3 / (kernel ** 2 * inChannels));
      return Array.from(formula(size, 500 + counts.network++), (x) => x * scale);
    }),
  );
}

describe('RD++, as PyTorch computes it', () => {
  it('takes three steps with Adam, each part at its rate, and gives the maps', async () => {
    const preset = definition.resolve('paper', {
      ...{ imageSizePx: 64, network: 'resnet18', batchSize: BATCH },
      ...{ learningRate: 2e-3, projectionLearningRate: 1e-3 },
    });
    const { images, backbone } = imageFit(await createExecutor({ threads: 1 }), 64);
    const trainable = rdppTrainable({
      ...{ preset, network, seed: 0, categories: 1, backbone, maxSteps: 10 },
      images: { ...images, count: BATCH },
    });
    const feeds = torch.losses.map((_, step) => stepFeedsOf(step));
    const found = await trainedSteps(
      // The features themselves are fed, in place of the images that they are of.
      { ...trainable, inputs: tokenInputs(network.levels, 2 * BATCH), frozen: undefined },
      startWeights(),
      feeds,
    );
    for (const [step, loss] of torch.losses.entries())
      expect(found.losses[step]).toBeCloseTo(loss, 4);
    let offset = 0;
    const sums = projectionParameters(network).map((spec) => {
      const part = found.gradient.subarray(offset, offset + parameterSize(spec));
      offset += part.length;
      return part.reduce((sum, x) => sum + Math.abs(x), 0);
    });
    const ofFilters = sums.filter((_, index) => index % 2 === 0);
    expect(ofFilters).toHaveLength(torch.projectionGradients.length);
    for (const [index, sum] of torch.projectionGradients.entries())
      expect(ofFilters[index]! / sum).toBeCloseTo(1, 2);
    const scores = await loadProgram(
      await createExecutor({ threads: 1 }),
      scoresProgram(network, found),
    );
    const inputs = network.levels.map(({ grid, channels }, level) => [
      `tokens${level}`,
      float32([BATCH, grid ** 2, channels], featuresOf(network, 9)[level] as Float32Array),
    ]);
    const maps = await scores.run(Object.fromEntries(inputs));
    await scores.release();
    for (const [level, values] of torch.maps.entries()) {
      const map = maps[`scores${level}`];
      expect(map?.shape).toEqual([BATCH, values.length]);
      for (const [place, value] of values.entries())
        expect(Math.abs(Number(map?.data[place]) - value), `${level} ${place}`).toBeLessThan(2e-3);
    }
  });

  it('has 15.49 million parameters of projections as published, 96.10 with ADer’s networks', () => {
    /** Of a WideResNet-50 up to its third level. */
    const backbone = 24_862_272;
    const published = networkOf([256, 512, 1024], 64, 'aderWideResnet50');
    const projections = projectionSize(published.levels);
    expect(projections).toBe(torch.projections);
    expect(projections).toBe(15_486_912);
    expect(totalSize(rdppParameters(published))).toBe(projections + reverseSize(published));
    expect(((backbone + projections + reverseSize(published)) / 1e6).toFixed(2)).toBe('96.10');
  });
});
