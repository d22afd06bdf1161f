/** @file A fit of RLR to made-up features that checkpoints to a file after every step, for tests that interrupt it. */
import type { Executor } from '@plumbline/contracts';
import type { FeatureSource, FitOptions } from '@plumbline/model';
import { folderCheckpoints } from './folder-checkpoints.ts';

export const MADE_UP_STEPS = 40;

/** Ten images: waves of different lengths. */
const features: FeatureSource = {
  count: 10,
  categories: Array.from({ length: 10 }, (_, image) => (image % 2 === 0 ? 'bolt' : 'nut')),
  read: (_, images, out) => {
    const size = out.length / images.length;
    for (let i = 0; i < out.length; i++)
      out[i] = Math.sin((i % size) * (images[Math.floor(i / size)]! + 1));
  },
};

/** Of data that never changes. */
export const MADE_UP_DATA = { backbone: 'b', features: 'f', dataset: 'd' };

export function madeUpFit(checkpoint: string, executor: Executor) {
  return {
    preset: 'tiny',
    settings: { layers: 1, widths: { 8: 32 }, balance: 'category' },
    seed: 3,
    categories: 2,
    maxSteps: MADE_UP_STEPS,
    levels: [{ tap: 'layer3', grid: 8, channels: 6 }],
    features,
    executor,
    checkpoints: folderCheckpoints(checkpoint, { attempt: 1, data: MADE_UP_DATA }),
    checkpointEveryMs: 0,
  } satisfies Partial<FitOptions>;
}

/** Tells the parent of a step, which goes on only once that is done: the parent kills where it means to. */
export function reportStep(step: number): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(step, undefined, undefined, () => resolve());
  });
}
