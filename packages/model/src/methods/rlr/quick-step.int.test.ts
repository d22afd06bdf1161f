import { createExecutor } from '@plumbline/runtime';
import { expect, it } from 'vitest';
import { loadStatefulProgram } from '../../eager/index.ts';
import { float32 } from '../../onnx/index.ts';
import { muon } from '../../training/optimizers.ts';
import { splitState, stateLayout, stateLinks } from '../../training/state-layout.ts';
import { rateFeeds, stepProgram } from '../../training/step-program.ts';
import type { FeatureSource } from '../method.ts';
import { whiteningOf } from '../whitening.ts';
import type { RlrNetworkConfig } from './config.ts';
import { rlrParameters } from './parameters.ts';
import { available, pack, readTensors } from './reference-cases.ts';
import { trainingStep } from './training-step.ts';

const [GRID, CHANNELS, IMAGES] = [16, 24, 2];
const SIZE = GRID ** 2 * CHANNELS;
const NETWORK: RlrNetworkConfig = {
  ...{ grid: GRID, channels: CHANNELS, width: 32, layers: 2, heads: 8, window: 5 },
  blocks: ['mca', 'nsa'],
  gate: 'none',
  referenceLength: 1,
  referenceMode: 'fixed',
  referenceLoss: false,
};
/** Of the same six steps in PyTorch 2.15, float32: Muon's published iteration, AdamW for what is no matrix. */
const LOSSES = [2.334134, 2.245732, 2.166258, 2.097306, 2.039473, 1.991323];

function sourceOf(tokens: Float32Array): FeatureSource {
  return {
    count: IMAGES,
    categories: ['a', 'a'],
    read: (_, images, out) => {
      for (const [slot, image] of images.entries())
        out.set(tokens.subarray(image * SIZE, (image + 1) * SIZE), slot * SIZE);
    },
  };
}

it.skipIf(!available)('steps of Muon on whitened features are those of PyTorch', async () => {
  const tensors = readTensors('mca-nsa-16x16');
  const [tokens, noise] = [tensors['input.x']!, tensors['input.noise']!];
  const features = sourceOf(tokens);
  const spec = trainingStep({
    ...{ network: NETWORK, batchSize: IMAGES },
    corruption: { jitterScale: 4, maskTokens: false },
    whitening: whiteningOf({ level: 0, grid: GRID, channels: CHANNELS, features }),
    optimizer: muon({ weightDecay: 1e-4, matrixRate: 10 }),
    learningRate: () => 1e-3,
  });
  const layout = stateLayout(spec);
  const weights = pack(tensors, 'param', rlrParameters(NETWORK));
  const start = (vector: string) =>
    vector === 'weights' ? weights : new Float32Array(weights.length);
  const session = await loadStatefulProgram(
    await createExecutor({ threads: 1 }),
    stepProgram(spec),
    stateLinks(layout),
    splitState(layout, Object.fromEntries(layout.vectors.map((vector) => [vector, start(vector)]))),
  );
  const shape = [IMAGES, GRID ** 2, CHANNELS];
  const feeds = { tokens: float32(shape, tokens), noise: float32(shape, noise) };
  for (const [step, expected] of LOSSES.entries()) {
    const { loss } = await session.step({ ...feeds, ...rateFeeds(spec.groups, step) }, ['loss']);
    expect(Number(loss?.data[0]), `step ${step}`).toBeCloseTo(expected, 4);
  }
  await session.release();
});
