/** @file A child process that fits RLR on made-up features, for tests that kill it. Arguments: checkpoint file, graph file. */
import { writeFileSync } from 'node:fs';
import { type FeatureSource, getMethod } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { checkpointFile } from '../checkpoint-file.ts';

const STEPS = 40;
const LEVEL = { tap: 'layer3', grid: 8, channels: 6 };

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

const [checkpoint = '', graph = ''] = process.argv.slice(2);
const fitted = await getMethod('rlr').fit({
  preset: 'tiny',
  settings: { rlr: { layers: 1, widths: { 8: 32 }, balance: 'category' } },
  seed: 3,
  maxSteps: STEPS,
  levels: [LEVEL],
  features,
  executor: await createExecutor({ threads: 1 }),
  checkpoints: checkpointFile(checkpoint),
  checkpointEveryMs: 0,
  // A step goes on only once it is reported, so that the parent kills where it means to.
  onProgress: ({ step }) =>
    new Promise<void>((resolve) => {
      process.send?.(step, undefined, undefined, () => resolve());
    }),
});
writeFileSync(graph, fitted.graph);
process.disconnect?.();
