/** @file A child process that fits SimpleNet to the made-up features, for tests that kill it. Arguments: checkpoint file, graph file. */
import { writeFileSync } from 'node:fs';
import { getMethod } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { madeUpFit, reportStep } from './made-up-fit.ts';

const [checkpoint = '', graph = ''] = process.argv.slice(2);
const fitted = await getMethod('simplenet').fit({
  ...madeUpFit(checkpoint, await createExecutor({ threads: 1 })),
  settings: { hidden: 16, earlyStopping: false },
  onProgress: ({ step }) => reportStep(step),
});
writeFileSync(graph, fitted.graph);
process.disconnect?.();
