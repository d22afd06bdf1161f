/** @file Dinomaly's training and scores against the released network in PyTorch, with few channels. */
import { readFileSync } from 'node:fs';
import { dinomaly as definition, type FeatureLevel, FIRST_TOKENS } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { sampled, trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { planMaps } from '../rebuilt-maps.ts';
import { bottleneckNumbers } from './forward.ts';
import { lastHard } from './loss.ts';
import { dinomalyParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { dinomalyTrainable } from './trainable.ts';

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as {
  readonly losses: readonly number[];
  readonly firstMoment: readonly (readonly number[])[];
  readonly weights: readonly (readonly number[])[];
  readonly scores: readonly (readonly number[])[];
};

const IMAGES = 2;
const levels: FeatureLevel[] = [
  { tap: 'blocks.0-blocks.1', grid: 4, channels: 8 },
  { tap: 'blocks.2-blocks.3', grid: 4, channels: 8 },
  { tap: FIRST_TOKENS, grid: 1, channels: 16 },
];
const preset = definition.resolve('paper', {
  ...{ layers: 4, headChannels: 4, batchSize: IMAGES, easySteps: 2 },
  ...{ mostSteps: 1000, learningRate: 2e-2, lastLearningRate: 2e-3, warmUpSteps: 2 },
});
const features = { count: IMAGES, categories: ['a', 'a'], read: () => {} };
const model = planMaps(preset, levels, features);
const specs = dinomalyParameters(model.network);
const trainable = dinomalyTrainable({ preset, model, seed: 0, categories: 1, features });

const start = Float32Array.from(
  specs.flatMap((spec, salt) => {
    const one = /\.norm\d\.weight$/.test(spec.name) ? 1 : 0;
    return [...formula(parameterSize(spec), salt)].map((x) => 0.3 * x + one);
  }),
);

function tokensOf(step: number) {
  const feeds = levels.map(({ grid, channels }, level) => {
    const shape = [IMAGES, grid ** 2, channels];
    const values = formula(IMAGES * grid ** 2 * channels, 100 + 10 * step + level);
    return [`tokens${level}`, float32(shape, Float32Array.from(values))];
  });
  return Object.fromEntries(feeds);
}

function feedsOf(step: number) {
  const count = bottleneckNumbers(model.network, IMAGES);
  const numbers = formula(10_000, 50 + step).slice(0, count);
  return {
    ...tokensOf(step),
    dropout: float32(
      [count],
      Float32Array.from(numbers, (x) => (x + 1) / 2),
    ),
    hard: float32([1], [lastHard(preset, IMAGES * 16, step)]),
  };
}

function expectClose(
  found: Readonly<Record<string, number[]>>,
  expected: readonly (readonly number[])[],
  within: number,
): void {
  for (const [index, { name }] of specs.entries())
    for (const [i, value] of (expected[index] ?? []).entries())
      expect(Math.abs(found[name]![i]! - value), `${name} ${i}`).toBeLessThan(within);
}

describe('Dinomaly, as PyTorch computes it', () => {
  it('changes nothing at the first step, of learning rate 0', async () => {
    const { losses, weights, gradient } = await trainedSteps(trainable, start, [feedsOf(0)]);
    expect(weights).toEqual(start);
    expect(losses[0]).toBeCloseTo(torch.losses[0]!, 5);
    expectClose(sampled(specs, gradient), torch.firstMoment, 1e-6);
  });

  it('takes three steps, with noise, damped gradients and the warm-up; then scores', async () => {
    const feeds = torch.losses.map((_, step) => feedsOf(step));
    const { losses, weights } = await trainedSteps(trainable, start, feeds);
    for (const [step, loss] of torch.losses.entries()) expect(losses[step]).toBeCloseTo(loss, 4);
    expectClose(sampled(specs, weights), torch.weights, 1e-4);
    const executor = await createExecutor({ threads: 1 });
    const session = await loadProgram(executor, scoresProgram(model, weights));
    const scores = await session.run(tokensOf(9));
    await session.release();
    for (const [map, expected] of torch.scores.entries()) {
      const own = scores[`scores${map}`];
      expect(own?.shape).toEqual([IMAGES, 16]);
      for (const [place, score] of expected.entries())
        expect(Math.abs((own?.data[place] as number) - score), String(place)).toBeLessThan(1e-4);
    }
  });
});
