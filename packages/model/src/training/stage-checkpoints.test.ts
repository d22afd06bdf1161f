import { expect, test } from 'vitest';
import { StageCheckpoints } from './stage-checkpoints.ts';
import type { StageState } from './training-run.ts';

const STEP_MS = 100;

/** Steps of 100 ms on a clock of their own. @returns The steps that were saved, and the share of time that it took. */
async function train(steps: number, costMs: { read: number; save: number }, everyMs?: number) {
  let clock = 0;
  let spent = 0;
  const pass = (milliseconds: number) => {
    clock += milliseconds;
    spent += milliseconds;
  };
  const saved: number[] = [];
  const checkpoints = new StageCheckpoints({
    now: () => clock,
    everyMs,
    save: async ({ step }) => {
      pass(costMs.save);
      saved.push(step);
    },
  });
  for (let step = 1; step <= steps; step++) {
    clock += STEP_MS;
    await checkpoints.afterStep(async () => {
      pass(costMs.read);
      return { step, vectors: {}, losses: new Float32Array(), plateau: null } as StageState;
    });
  }
  return { saved, share: spent / clock };
}

test('what checkpoints cost is a hundredth of the time, at most', async () => {
  const dear = await train(20_000, { read: 200, save: 600 });
  expect(dear.saved.length).toBeGreaterThan(20);
  expect(dear.share).toBeLessThan(0.0101);
  expect(dear.share).toBeGreaterThan(0.009);
});

test('cheap ones come every ten seconds, and each is of the step before the one that proved it', async () => {
  const { saved } = await train(1_000, { read: 0, save: 1 });
  expect(saved[0]).toBe(100);
  expect(new Set(saved.slice(1).map((step, i) => step - (saved[i] ?? 0)))).toEqual(new Set([101]));
});

test('a given interval is kept, whatever they cost', async () => {
  expect((await train(5, { read: 900, save: 900 }, 0)).saved).toEqual([1, 2, 3, 4]);
});
