/**
 * @file Adding ten images to a version, beside training it: wall and processor seconds of a run as the trainer's child does
 * it, from its first line to the published version, on a database of its own.
 *
 *     npm run bench -- extend-model --backbone standard [--threads 1]
 */
import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cpuUsage } from 'node:process';
import { parseArgs } from 'node:util';
import type { Run } from '@plumbline/contracts';
import { generateSampleDataset } from '@plumbline/data';
import { startTestTraining } from '../apps/trainer/src/testing/test-training.ts';

const { values } = parseArgs({
  options: { backbone: { type: 'string', default: 'standard' }, threads: { type: 'string' } },
});
/** All cores, as a trainer computes unless `PLUMBLINE_THREADS` says otherwise. */
const threads = values.threads === undefined ? null : Number(values.threads);
const ADDED = ['badge', 'mesh'];
const ADDED_EACH = 5;

const training = await startTestTraining();
const { signal } = new AbortController();
await training.addDataset('all', (directory) =>
  generateSampleDataset({ directory, seed: 0, signal }),
);
await training.addDataset('further', async (folder) => {
  const source = join(folder, '..', 'other');
  await generateSampleDataset({ directory: source, seed: 1, signal });
  for (const category of ADDED) {
    for (const part of ['train/good', 'test/good']) {
      await mkdir(join(folder, category, part), { recursive: true });
      const names = (await readdir(join(source, category, part))).slice(0, ADDED_EACH);
      for (const name of names)
        await cp(join(source, category, part, name), join(folder, category, part, name));
    }
  }
});
const run = {
  ...{ dataset: 'all', method: 'retrieval', preset: 'quick', model: 'grown' },
  ...{ backbone: values.backbone, settings: undefined },
};
await timed('train', () => training.train(run, { threads }));
for (const attempt of ['add', 'add once more'])
  await timed(attempt, () =>
    training.train({ ...run, extends: { version: 1, from: 'further' } }, { threads }),
  );
await training.stop();
process.exit(0);

async function timed(what: string, work: () => Promise<Run>): Promise<void> {
  const [before, start] = [cpuUsage(), performance.now()];
  const { id } = await work();
  const { user, system } = cpuUsage(before);
  const seconds = (performance.now() - start) / 1000;
  console.log(
    `${what}: ${seconds.toFixed(1)} s, ${((user + system) / 1e6).toFixed(1)} processor seconds`,
  );
  for (const { at, text } of await training.database.runs.logs(id))
    console.log(`  ${at.slice(17, 23)} ${text}`);
}
