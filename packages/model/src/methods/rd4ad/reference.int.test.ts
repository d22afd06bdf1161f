/** @file RD4AD's network, training and maps against the released ones in PyTorch, with few channels. */
import { readFileSync } from 'node:fs';
import {
  convolutionsOf,
  rd4ad as definition,
  type FeatureLevel,
  REVERSED_NETWORKS,
  type ReversedNetwork,
  type ReverseNetwork,
  reverseNetwork,
  reverseSize,
} from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { type ParameterSpec, parameterSize, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { reverseParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { rd4adTrainable } from './trainable.ts';

interface Case {
  readonly losses: readonly number[];
  readonly weightSums: readonly number[];
  readonly means: readonly number[];
  readonly variances: readonly number[];
  readonly maps: readonly (readonly number[])[];
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Readonly<Record<'basic' | 'bottleneck', Case>> & {
  readonly counts: Readonly<Record<ReversedNetwork, { decoder: number; embedding: number }>>;
};

const BATCH = 2;
const SIDE = 16;

function levelsOf(channels: readonly number[], side: number): FeatureLevel[] {
  return channels.map((each, level) => ({
    ...{ tap: `layer${level + 1}`, grid: side >> level, channels: each },
  }));
}

/** What the backbone gives, as the fixtures have it. */
function feedsOf(levels: readonly FeatureLevel[], step: number) {
  const feeds = levels.map(({ grid, channels }, level) => {
    const size = BATCH * grid ** 2 * channels;
    const values = formula(size, 1000 + 10 * step + level).map((x) => Math.max(0, x));
    return [`tokens${level}`, float32([BATCH, grid ** 2, channels], Float32Array.from(values))];
  });
  return Object.fromEntries(feeds);
}

function startWeights(network: ReverseNetwork): Float32Array {
  const convolutions = convolutionsOf(network);
  let index = 0;
  return Float32Array.from(
    reverseParameters(network).flatMap((spec) => {
      if (spec.name.endsWith('norm.weight')) return Array(parameterSize(spec)).fill(1);
      if (spec.name.endsWith('norm.bias')) return Array(parameterSize(spec)).fill(0);
      const { kernel, inChannels } = convolutions[index] as (typeof convolutions)[number];
      const scale = Math.sqrt(3 / (kernel ** 2 * inChannels));
      return [...formula(parameterSize(spec), 500 + index++)].map((x) => x * scale);
    }),
  );
}

/** Σ |x| of each spec's part of a flat vector. */
function partSums(specs: readonly ParameterSpec[], flat: Float32Array): Map<string, number> {
  let offset = 0;
  return new Map(
    specs.map((spec) => {
      const part = flat.subarray(offset, offset + parameterSize(spec));
      offset += part.length;
      return [spec.name, part.reduce((sum, x) => sum + Math.abs(x), 0)];
    }),
  );
}

/** With how far maps may be off: Adam makes the rounding of gradients near 0 into steps, and 56 layers add to it. */
const CASES = [
  ['basic', 'resnet18', [4, 6, 8], 1e-3],
  ['bottleneck', 'wideResnet50', [8, 8, 12], 1e-2],
] as const;

describe.each(CASES)(
  'RD4AD with %s blocks, as PyTorch computes it',
  (name, kind, channels, within) => {
    const levels = levelsOf(channels, SIDE);
    const network = reverseNetwork(kind, levels);
    const convolutions = convolutionsOf(network);
    const trainable = rd4adTrainable({
      preset: {
        ...definition.resolve('paper'),
        network: kind,
        batchSize: BATCH,
        learningRate: 1e-3,
      },
      ...{ network, seed: 0, categories: 1 },
      features: { count: BATCH, categories: [], read: () => {} },
    });
    const expected = torch[name];

    it('takes three steps with Adam, moves the running statistics, and gives the maps', async () => {
      const feeds = expected.losses.map((_, step) => feedsOf(levels, step));
      const { losses, weights, buffers } = await trainedSteps(
        trainable,
        startWeights(network),
        feeds,
      );
      for (const [step, loss] of expected.losses.entries())
        expect(losses[step]).toBeCloseTo(loss, 4);
      const sums = partSums(reverseParameters(network), weights);
      for (const [index, one] of convolutions.entries()) {
        const total = (part: string) => buffers[`${one.name}.${part}`]?.reduce((s, x) => s + x, 0);
        const sum = expected.weightSums[index] as number;
        expect(Math.abs((sums.get(`${one.name}.weight`) ?? 0) / sum - 1), one.name).toBeLessThan(
          1e-4,
        );
        expect(total('mean')).toBeCloseTo(expected.means[index] as number, 3);
        expect(total('variance')).toBeCloseTo(expected.variances[index] as number, 3);
      }
      const scores = await loadProgram(
        await createExecutor({ threads: 1 }),
        scoresProgram(network, { weights, buffers }),
      );
      const maps = await scores.run(feedsOf(levels, 9));
      await scores.release();
      for (const [level, values] of expected.maps.entries()) {
        const map = maps[`scores${level}`];
        expect(map?.shape).toEqual([BATCH, values.length]);
        for (const [place, value] of values.entries())
          expect(Math.abs(Number(map?.data[place]) - value), `${level} ${place}`).toBeLessThan(
            within,
          );
      }
    });
  },
);

describe('the parameters of RD4AD', () => {
  const published = { basic: [64, 128, 256], bottleneck: [256, 512, 1024] };
  /** Of the backbone up to its third level. */
  const WIDE_RESNET50 = 24_862_272;

  const countsOf = (kind: ReversedNetwork) => {
    const channels = /34|18/.test(kind) ? published.basic : published.bottleneck;
    const network = reverseNetwork(kind, levelsOf(channels, 64));
    const specs = reverseParameters(network);
    const decoder = totalSize(specs.filter((spec) => spec.name.startsWith('stage')));
    expect(reverseSize(network)).toBe(totalSize(specs));
    return { decoder, embedding: totalSize(specs) - decoder };
  };

  it.each(REVERSED_NETWORKS)('are those of the released code for %s', (kind) => {
    expect(countsOf(kind)).toEqual(torch.counts[kind]);
  });

  it('come to ADer’s 80.61 M with the backbone, and to 15.4 M with a ResNet-18 without it', () => {
    const { decoder, embedding } = countsOf('aderWideResnet50');
    expect(((WIDE_RESNET50 + decoder + embedding) / 1e6).toFixed(2)).toBe('80.61');
    expect(torch.counts.resnet18).toEqual({ decoder: 3_703_168, embedding: 11_680_000 });
  });
});
