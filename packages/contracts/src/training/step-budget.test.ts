import { describe, expect, it } from 'vitest';
import {
  cflow,
  diffusionad,
  dinomaly,
  draem,
  fastflow,
  fod,
  inpformer,
  invad,
  planCflowLevels,
  pyramidflow,
  rdpp,
  simpleNetSteps,
  simplenet,
  uniad,
} from '../methods/index.ts';
import { planRlrLevels } from '../methods/rlr/level-plans.ts';
import { rlr } from '../methods/rlr/rlr.ts';
import { batchedSteps, budgetedSteps } from './step-budget.ts';

const training = { images: 100, categories: 3, batchSize: 4 };

describe('budgetedSteps', () => {
  it('grows with the categories, and is never less than the passes', () => {
    expect(budgetedSteps({ stepsPerCategory: 50, passes: 1 }, training)).toBe(150);
    expect(budgetedSteps({ stepsPerCategory: 5, passes: 1 }, training)).toBe(25);
    expect(budgetedSteps({ stepsPerCategory: 5, passes: 1 }, { ...training, images: 101 })).toBe(
      26,
    );
    expect(budgetedSteps({ stepsPerCategory: 0, passes: 0 }, training)).toBe(1);
  });

  it('ends at the most steps, whatever the budget', () => {
    expect(budgetedSteps({ stepsPerCategory: 50, passes: 9 }, { ...training, maxSteps: 7 })).toBe(
      7,
    );
  });
});

/** Training images of which the held-out ones are not part. */
const MVTEC = { images: 2904, categories: 15 };
const REAL_IAD = { images: 29_172, categories: 30 };

describe('no preset ends before it has seen every image once', () => {
  const levels = [
    { tap: 'layer2', grid: 32, channels: 128 },
    { tap: 'layer3', grid: 16, channels: 256 },
  ];

  it.each([
    ['MVTec', MVTEC],
    ['Real-IAD', REAL_IAD],
  ] as const)('at the size of %s', (_, size) => {
    for (const name of ['paper', 'quick', 'edge', 'tiny'] as const) {
      for (const { steps, batchSize } of planRlrLevels(rlr.presets[name], levels, size))
        expect(steps * batchSize).toBeGreaterThanOrEqual(size.images);
      for (const { steps, fibers, batchSize } of planCflowLevels(cflow.presets[name], levels, size))
        expect((steps / fibers) * batchSize).toBeGreaterThanOrEqual(size.images);
      const { steps, batchSize } = simpleNetSteps(simplenet.presets[name], size);
      expect(steps * batchSize).toBeGreaterThanOrEqual(size.images);
      const flows = batchedSteps(fastflow.presets[name], size);
      expect(flows.steps * flows.batchSize).toBeGreaterThanOrEqual(size.images);
      for (const method of [
        ...[uniad, fod, invad, dinomaly, inpformer],
        ...[draem, rdpp, pyramidflow, diffusionad],
      ]) {
        const trained = batchedSteps(method.presets[name], size);
        expect(trained.steps * trained.batchSize).toBeGreaterThanOrEqual(size.images);
      }
    }
  });

  it('and the flows of all levels see the same images, as often as the steps per category say', () => {
    const preset = cflow.resolve('quick', { stepsPerCategory: 1024, batchSize: 8, vectors: 64 });
    const plans = planCflowLevels(preset, levels, { images: 100, categories: 3 });
    expect(plans).toMatchObject([
      { tap: 'layer2', vectors: 64, fibers: 128, steps: 3072 },
      { tap: 'layer3', vectors: 64, fibers: 32, steps: 768 },
    ]);
    const few = planCflowLevels(preset, levels, { images: 100, categories: 3, maxSteps: 800 });
    expect(few.map(({ steps }) => steps)).toEqual([800, 768]);
  });

  it('and steps that are asked for are taken as they are', () => {
    const preset = rlr.resolve('quick', { steps: { 32: 7 }, passes: { 16: 3 } });
    const [fine, coarse] = planRlrLevels(preset, levels, REAL_IAD);
    expect(fine?.steps).toBe(7);
    expect(coarse?.steps).toBe((3 * REAL_IAD.images) / preset.batchSize);
  });
});
