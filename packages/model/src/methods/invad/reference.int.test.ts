/** @file InvAD's network, training and map against ADer's in PyTorch, with few channels. */
import { readFileSync } from 'node:fs';
import {
  invad as definition,
  type FeatureLevel,
  invadConvolutions,
  invadNetwork,
  invadSize,
} from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize, totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { filterScale, invadParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { invadTrainable } from './trainable.ts';

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Readonly<Record<'losses' | 'weightSums' | 'biasSums' | 'scores', readonly number[]>> & {
  readonly counts: Readonly<Record<'lite' | 'wide', number>>;
};

const BATCH = 2;
const SIDE = 16;

function levelsOf(channels: readonly number[], side: number): FeatureLevel[] {
  return channels.map((each, level) => ({
    ...{ tap: `layer${level + 1}`, grid: side >> level, channels: each },
  }));
}

const levels = levelsOf([4, 6, 8], SIDE);
const preset = definition.resolve('paper', { blocks: 2, batchSize: BATCH });
const network = invadNetwork(preset, levels);
const specs = invadParameters(network);

/** What the backbone gives, as the fixtures have it. */
function feedsOf(step: number) {
  const feeds = levels.map(({ grid, channels }, level) => {
    const size = BATCH * grid ** 2 * channels;
    const values = formula(size, 1000 + 10 * step + level).map((x) => Math.max(0, x));
    return [`tokens${level}`, float32([BATCH, grid ** 2, channels], Float32Array.from(values))];
  });
  return Object.fromEntries(feeds);
}

/** Filters by the formula, as large as they count; what follows them as it is initialized. */
function startWeights(): Float32Array {
  const convolutions = new Map(
    invadConvolutions(network).map((one, at) => [one.name, { one, at }]),
  );
  return Float32Array.from(
    specs.flatMap((spec) => {
      const size = parameterSize(spec);
      if (spec.name === 'constant') return [...formula(size, 400)];
      const found = convolutions.get(spec.name.replace(/\.weight$/, ''));
      if (found === undefined)
        return Array(size).fill(/norm\.weight$|scale\.bias$/.test(spec.name) ? 1 : 0);
      const { one, at } = found;
      const places = one.kernel ** 2 * one.inChannels;
      const scale =
        one.kind === 'normalized'
          ? Math.sqrt(3 / places)
          : 1.5 / (filterScale(one) * Math.sqrt(places));
      return [...formula(size, 500 + at)].map((x) => x * scale);
    }),
  );
}

/** Σ |x| of the parameters whose names end so, in order. */
function sums(flat: Float32Array, ending: RegExp): number[] {
  let offset = 0;
  return specs.flatMap((spec) => {
    const own = flat.subarray(offset, offset + parameterSize(spec));
    offset += own.length;
    return ending.test(spec.name) ? [own.reduce((sum, x) => sum + Math.abs(x), 0)] : [];
  });
}

describe('InvAD, as PyTorch computes it', () => {
  it('takes three clipped steps with Adam, and gives the map', async () => {
    const trainable = invadTrainable({
      ...{ preset, network, seed: 0, categories: 1 },
      // No last fifth of the steps, whose rate is a tenth.
      maxSteps: 1000,
      features: { count: BATCH, categories: [], read: () => {} },
    });
    const { losses, weights, buffers } = await trainedSteps(
      trainable,
      startWeights(),
      torch.losses.map((_, step) => feedsOf(step)),
    );
    for (const [step, loss] of torch.losses.entries())
      expect(Math.abs(losses[step]! / loss - 1), `loss ${step}`).toBeLessThan(1e-4);
    const filters = sums(weights, /(?<!norm)\.weight$/);
    for (const [index, sum] of torch.weightSums.entries())
      expect(Math.abs(filters[index]! / sum - 1), `filters ${index}`).toBeLessThan(1e-3);
    const equalized = new Set(
      invadConvolutions(network).flatMap(({ name, kind }) =>
        kind === 'normalized' ? [] : [`${name}.bias`],
      ),
    );
    const biases = sums(weights, /\.bias$/);
    const names = specs.map(({ name }) => name).filter((name) => name.endsWith('.bias'));
    const own = biases.filter((_, index) => equalized.has(names[index]!));
    for (const [index, sum] of torch.biasSums.entries())
      expect(Math.abs(own[index]! - sum), `biases ${index}`).toBeLessThan(0.01 + 0.02 * sum);
    const session = await loadProgram(
      await createExecutor({ threads: 1 }),
      scoresProgram(network, { weights, buffers }),
    );
    const { scores0 } = await session.run(feedsOf(9));
    await session.release();
    expect(scores0?.shape).toEqual([BATCH, SIDE ** 2]);
    for (const [place, score] of torch.scores.entries())
      expect(Math.abs(Number(scores0?.data[place]) - score), String(place)).toBeLessThan(0.02);
  });

  it('has the parameters of ADer’s, with the backbones 17.147 M and 95.631 M', () => {
    const sizeOf = (channels: readonly number[], blocks: number) => {
      const of = invadNetwork({ blocks }, levelsOf(channels, 64));
      expect(invadSize(of)).toBe(totalSize(invadParameters(of)));
      return invadSize(of);
    };
    const [lite, wide] = [sizeOf([64, 128, 256], 4), sizeOf([256, 512, 1024], 2)];
    expect({ lite, wide }).toEqual(torch.counts);
    // ResNet-34 and WideResNet-50 up to their third stage.
    expect(((lite + 8_170_304) / 1e6).toFixed(3)).toBe('17.147');
    expect(((wide + 24_862_272) / 1e6).toFixed(3)).toBe('95.631');
  });
});
