/**
 * @file What the size of published datasets costs. `mvtec`: a dataset of MVTec AD's size from the sample generator's
 * scenes (15 categories, 3,600 training and 1,700 test images of 128 px), on a platform of its own, from import to
 * leaderboard. `real-iad`: fits, thresholds and evaluation at Real-IAD's size (30 categories, 36,465 and 114,585 images)
 * over stubbed features. What is measured is kept in the work folder, and a part that was interrupted is taken up there.
 *
 *     npm run bench -- scale --json --part mvtec --method patchcore
 *     npm run bench -- scale --json --part real-iad --method rlr --max-steps 20
 *     npm run bench -- scale --share 0.01 --work /tmp/small
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { TestPlatform } from '../e2e/support/platform.ts';
import { type Measured, ResultsFile } from './results-file.ts';
import { makeDataset } from './scale/made-dataset.ts';
import { measureImport, measureReading, measureTraining } from './scale/platform-path.ts';
import { REAL_IAD } from './scale/real-iad-stub.ts';
import type { StubOptions } from './scale/stub-child.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    part: { type: 'string', multiple: true, default: ['mvtec', 'real-iad'] },
    method: { type: 'string', multiple: true, default: ['patchcore', 'padim', 'rlr'] },
    backbone: { type: 'string', default: 'compact' },
    /** Of the images of each dataset; for trying the benchmark out. */
    share: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '0,1' },
    /** `real-iad` ends each stage of RLR after so many steps and says what a step takes. */
    'max-steps': { type: 'string', default: '20' },
    /** Side of the maps that `real-iad` evaluates. */
    map: { type: 'string', default: '64' },
    work: { type: 'string', default: join(tmpdir(), 'plumbline-scale') },
  },
});
const MVTEC = { categories: 15, train: 3600, test: 1700 };
const DATASET = 'mvtec-sized';
const share = Number(values.share);
const results = new ResultsFile(join(values.work, 'results.json'));
const atShare = <T extends { train: number; test: number }>(size: T): T => ({
  ...size,
  ...{ train: Math.round(share * size.train), test: Math.round(share * size.test) },
});

await results.measured('machine', async () => ({
  processors: availableParallelism(),
  model: cpus()[0]?.model ?? '',
  node: process.version,
  code: await codeVersion(),
  share,
}));
if (values.part.includes('mvtec')) await measureMvtec();
if (values.part.includes('real-iad')) await measureRealIad();
const text = JSON.stringify(results.all, null, values.json ? 0 : 2);
process.stdout.write(`${text}\n`);

async function measureMvtec(): Promise<void> {
  const images = join(values.work, 'images');
  const platform = TestPlatform.at(join(values.work, 'home'));
  await measured('mvtec/images', async () => {
    await makeDataset(images, atShare(MVTEC));
    return {};
  });
  try {
    await measured('mvtec/import', () => measureImport(platform, images, DATASET));
    await platform.run('up', '--no-web');
    for (const method of values.method)
      for (const seed of values.seeds.split(',').map(Number)) {
        const asked = { dataset: DATASET, method, backbone: values.backbone, seed };
        const name = `mvtec/${method}/${values.backbone}/seed ${seed}`;
        const run = await measured(name, () => measureTraining(platform, asked));
        await measured(`${name}/reading`, () => measureReading(platform, DATASET, run));
      }
  } finally {
    if (existsSync(platform.home)) await platform.run('down');
  }
}

async function measureRealIad(): Promise<void> {
  const size = atShare(REAL_IAD);
  const mapSide = Number(values.map);
  for (const method of values.method) {
    const maxSteps = method === 'rlr' ? Number(values['max-steps']) : null;
    await measured(`real-iad/${method}/fit`, () =>
      inChild({ phase: 'fit', method, size, maxSteps, mapSide }),
    );
  }
  await measured('real-iad/evaluation', () =>
    inChild({ phase: 'evaluation', method: '', size, maxSteps: null, mapSide }),
  );
}

/** With the load of the machine before and after: other work makes times longer. */
function measured(name: string, measure: () => Promise<Measured>): Promise<Measured> {
  return results.measured(name, async () => {
    const before = loadavg()[0];
    const started = performance.now();
    const result = await measure();
    const wallSeconds = Math.round((performance.now() - started) / 100) / 10;
    return { ...result, wallSeconds, load: [before, loadavg()[0]] };
  });
}

async function inChild(options: StubOptions): Promise<Measured> {
  mkdirSync(values.work, { recursive: true });
  const child = fileURLToPath(new URL('./scale/stub-child.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', child, JSON.stringify(options)],
    { maxBuffer: 1e8 },
  );
  return JSON.parse(stdout) as Measured;
}

async function codeVersion(): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD']);
  return stdout.trim();
}
