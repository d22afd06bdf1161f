import { expect, it } from 'vitest';
import { trainedSteps } from './trained-steps.ts';

it.each([
  [{ steps: 480, levels: [{ tap: 'layer2', grid: 32 }] }, 480],
  [{ levels: [{ steps: 700 }, { steps: 1200 }] }, 1900],
  [{ levels: [{ tap: 'layer2' }], bank: 10_000 }, null],
  [{}, null],
])('%j is of %s steps', (config, steps) => {
  expect(trainedSteps(config)).toBe(steps);
});
