import { expect, it } from 'vitest';
import { muon } from './optimizers.ts';
import { stateLayout } from './state-layout.ts';

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
    expect(weight).toMatchObject({ isJoined: false, vectors: ['weights', 'firstMoment'] });
    const others = tensors.filter((tensor) => tensor !== weight);
    for (const other of others)
      expect(other.vectors).toEqual(['weights', 'firstMoment', 'secondMoment']);
    expect(vectors).toEqual(expect.arrayContaining(['weights', 'firstMoment', 'secondMoment']));
  }
});
