/** @file A child process that fits a decoder to made-up features, for tests that kill it. Arguments: as `fit-child.ts`. */
import { writeFileSync } from 'node:fs';
import { decoderConfig, fitDecoder, trace } from '@plumbline/model';
import { createExecutor } from '@plumbline/runtime';
import { madeUpFit, reportStep } from './made-up-fit.ts';

const STEPS = 40;

const [checkpoint = '', graph = ''] = process.argv.slice(2);
const { levels, features, seed, executor, checkpoints, checkpointEveryMs } = madeUpFit(
  checkpoint,
  await createExecutor({ threads: 1 }),
);
const { imageSizePx } = decoderConfig(levels);
const shape = [8, 8 * 8, 6];
const decoder = await fitDecoder({
  ...{ levels, features, seed, executor, checkpoints, checkpointEveryMs, maxSteps: STEPS },
  reconstructions: trace({ name: 'identity', inputs: { tokens0: { shape } } }, ({ tokens0 }) => ({
    reconstructions0: tokens0 as NonNullable<typeof tokens0>,
  })),
  images: Int32Array.from({ length: features.count }, (_, image) => image),
  pixels: Uint8Array.from({ length: features.count * imageSizePx ** 2 * 3 }, (_, i) => i % 251),
  onProgress: ({ step }) => reportStep(step),
});
writeFileSync(graph, decoder.graph);
process.disconnect?.();
