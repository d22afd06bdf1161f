/** @file A fit of RLR to made-up features that checkpoints to a file after every step, for tests that interrupt it. */
import type { Executor } from '@plumbline/contracts';
import type { FeatureSource, FitOptions } from '@plumbline/model';
import { checkpointFile } from '../fit/checkpoint-file.ts';

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

export function madeUpFit(checkpoint: string, executor: Executor) {
  return {
    preset: 'tiny',
    settings: { layers: 1, widths: { 8: 32 }, balance: 'category' },
    seed: 3,
    maxSteps: MADE_UP_STEPS,
    levels: [{ tap: 'layer3', grid: 8, channels: 6 }],
    features,
    executor,
    checkpoints: checkpointFile(checkpoint),
    checkpointEveryMs: 0,
  } satisfies Partial<FitOptions>;
}
