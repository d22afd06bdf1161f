/** @file INP-Former's training and scores against the released network in PyTorch, with few channels. */
import { readFileSync } from 'node:fs';
import { inpformer as definition, type FeatureLevel } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { expect, it } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import { parameterSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { sampled, trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { planMaps } from '../rebuilt-maps.ts';
import { inpFormerParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { inpFormerTrainable } from './trainable.ts';

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
];
const preset = definition.resolve('paper', {
  ...{ layers: 4, headChannels: 4, batchSize: IMAGES, prototypes: 3, passes: 1000 },
  ...{ learningRate: 1e-2, lastLearningRate: 1e-3, warmUpSteps: 2 },
});
const features = { count: IMAGES, categories: ['a', 'a'], read: () => {} };
const model = planMaps(preset, levels, features);
const network = { ...model.network, prototypes: 3 };
const specs = inpFormerParameters(network);
const trainable = inpFormerTrainable({ preset, model, network, seed: 0, categories: 1, features });

const start = Float32Array.from(
  specs.flatMap((spec, salt) => {
    const one = /\.norm\d\.weight$|\.scale$/.test(spec.name) ? 1 : 0;
    return [...formula(parameterSize(spec), salt)].map((x) => 0.5 * x + one);
  }),
);

function feedsOf(step: number) {
  const feeds = levels.map(({ grid, channels }, level) => {
    const shape = [IMAGES, grid ** 2, channels];
    const values = formula(IMAGES * grid ** 2 * channels, 100 + 10 * step + level);
    return [`tokens${level}`, float32(shape, Float32Array.from(values))];
  });
  return Object.fromEntries(feeds);
}

/** A bias of keys is taken away by softmax: its gradient is rounding, which the optimizer makes into steps. */
const isUndetermined = (name: string, place: number) =>
  name === 'extractor.attn.kv.bias' && place < 4;

function expectClose(
  found: Readonly<Record<string, number[]>>,
  expected: readonly (readonly number[])[],
  within: number,
): void {
  for (const [index, { name }] of specs.entries())
    for (const [i, value] of (expected[index] ?? []).entries())
      if (!isUndetermined(name, i))
        expect(Math.abs(found[name]![i]! - value), `${name} ${i}`).toBeLessThan(within);
}

it('trains and scores as PyTorch computes it', async () => {
  const feeds = torch.losses.map((_, step) => feedsOf(step));
  const { losses, gradient, weights } = await trainedSteps(trainable, start, feeds);
  for (const [step, loss] of torch.losses.entries()) expect(losses[step]).toBeCloseTo(loss, 4);
  expectClose(sampled(specs, gradient), torch.firstMoment, 1e-6);
  expectClose(sampled(specs, weights), torch.weights, 2e-4);
  const executor = await createExecutor({ threads: 1 });
  const session = await loadProgram(executor, scoresProgram(model, network, weights));
  const scores = await session.run(feedsOf(9));
  await session.release();
  for (const [map, expected] of torch.scores.entries()) {
    const own = scores[`scores${map}`];
    expect(own?.shape).toEqual([IMAGES, 16]);
    for (const [place, score] of expected.entries())
      expect(Math.abs((own?.data[place] as number) - score), String(place)).toBeLessThan(3e-4);
  }
});
