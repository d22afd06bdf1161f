/** @file A child process that fits UniAD to the made-up features, for tests that kill it. Arguments: checkpoint file, graph file. */
import { writeFileSync } from 'node:fs';
import { getMethod } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { madeUpFit, reportStep } from './made-up-fit.ts';

const [checkpoint = '', graph = ''] = process.argv.slice(2);
const fitted = await getMethod('uniad').fit({
  ...madeUpFit(checkpoint, await createExecutor({ threads: 1 })),
  settings: {
    width: 16,
    hidden: 24,
    heads: 2,
    layers: 1,
    neighborMask: 3,
    dropout: 0.1,
    batchSize: 4,
  },
  onProgress: ({ step }) => reportStep(step),
});
writeFileSync(graph, fitted.graph);
process.disconnect?.();
