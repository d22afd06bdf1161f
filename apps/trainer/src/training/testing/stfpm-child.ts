/** @file A child process that fits STFPM to made-up images, for tests that kill it. Arguments: checkpoint file, graph file. */
import { writeFileSync } from 'node:fs';
import { toLevels } from '@plumbline/contracts';
import { getMethod, openBackbone } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { folderCheckpoints } from './folder-checkpoints.ts';
import { MADE_UP_DATA, MADE_UP_STEPS, reportStep } from './made-up-fit.ts';

const SIDE_PX = 64;

const [checkpoint = '', graph = ''] = process.argv.slice(2);
const executor = await createExecutor({ threads: 1 });
const backbone = await openBackbone({
  ...{ backbone: 'compact', input: { strides: [4, 8, 16] }, executor, imageSizePx: SIDE_PX },
});
const source = (count: number, first: number) => ({
  count,
  read: async (images: Int32Array, out: Float32Array) => {
    const size = out.length / images.length;
    for (let i = 0; i < out.length; i++)
      out[i] = Math.sin((i % size) / (first + images[Math.floor(i / size)]! + 2));
  },
});
const fitted = await getMethod('stfpm').fit({
  ...{ preset: 'tiny', seed: 3, maxSteps: MADE_UP_STEPS, executor, backbone, categories: 1 },
  settings: { imageSizePx: SIDE_PX, batchSize: 2, learningRate: 0.1 },
  levels: toLevels(backbone.featureTaps, SIDE_PX),
  images: source(10, 0),
  heldOut: source(3, 20),
  checkpoints: folderCheckpoints(checkpoint, { attempt: 1, data: MADE_UP_DATA }),
  checkpointEveryMs: 0,
  onProgress: ({ step }) => reportStep(step),
});
writeFileSync(graph, fitted.graph);
process.disconnect?.();
