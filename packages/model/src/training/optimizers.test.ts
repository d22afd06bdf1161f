import { expect, it } from 'vitest';
import { muon } from './optimizers.ts';
import { joinState, splitState, stateLayout } from './state-layout.ts';

const zeros = { kind: 'zeros' } as const;

it('keeps matrices that follow Muon apart, with one moment, wherever the step runs', () => {
  const spec = {
    groups: [
      {
        name: 'network',
        parameters: [
          { name: 'weight', shape: [16, 32], initializer: zeros },
          { name: 'bias', shape: [16], initializer: zeros },
          { name: 'gates', shape: [2, 2], initializer: zeros },
        ],
        optimizer: muon({ weightDecay: 1e-4, matrixRate: 10 }),
        learningRate: () => 1e-3,
      },
    ],
  };
  for (const target of ['processor', 'device'] as const) {
    const { tensors, vectors } = stateLayout(spec, target);
    const weight = tensors.find(({ name }) => name === 'weight');
    expect(weight).toMatchObject({ join: 'none', vectors: ['weights', 'firstMoment'] });
    const others = tensors.filter((tensor) => tensor !== weight);
    for (const other of others)
      expect(other.vectors).toEqual(['weights', 'firstMoment', 'secondMoment']);
    expect(vectors).toEqual(expect.arrayContaining(['weights', 'firstMoment', 'secondMoment']));
  }
});

it('stacks the matrices of one shape on a device, whose state comes back as it was given', () => {
  const spec = {
    groups: [
      {
        name: 'network',
        parameters: ['a', 'b', 'c'].map((name) => ({
          ...{ name, shape: name === 'b' ? [8, 16] : [16, 8], initializer: zeros },
        })),
        optimizer: muon({ weightDecay: 0, matrixRate: 1 }),
        learningRate: () => 1e-3,
      },
    ],
  };
  const shapes = (target: 'processor' | 'device') =>
    stateLayout(spec, target).tensors.map(({ shape }) => shape);
  expect(shapes('device')).toEqual([
    [2, 16, 8],
    [8, 16],
  ]);
  expect(shapes('processor')).toEqual([
    [16, 8],
    [8, 16],
    [16, 8],
  ]);
  const layout = stateLayout(spec, 'device');
  const weights = Float32Array.from({ length: 3 * 128 }, (_, i) => i);
  const state = { weights, firstMoment: weights.map((value) => -value) };
  expect(joinState(layout, splitState(layout, state))).toEqual(state);
});
