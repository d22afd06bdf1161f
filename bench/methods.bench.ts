/**
 * @file The rows of the table in docs/results.md: every method with every embedded backbone and three seeds, by runs as people
 * ask for them, on a platform of its own in the work folder. What is measured is kept there and not measured again; a run that was
 * interrupted is taken up. Seed by seed, cheapest first.
 *
 *     npm run bench -- methods --real ../shared/images
 *     npm run bench -- methods --method patchcore --method padim --backbone standard --seed 0 --dataset sample-large
 *     npm run bench -- methods --minutes 9        # stops after so long; the next call goes on
 *     npm run bench -- methods --minutes 0        # prints what is there
 */
import { existsSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { EMBEDDED_BACKBONES, METHODS } from '@plumbline/contracts';
import { TestPlatform } from '../e2e/support/platform.ts';
import { measuredRunSchema, measureRun, OutOfTime, RunFailed } from './methods/measure-run.ts';
import { toBoards, writeTable } from './methods/method-table.ts';
import { PlatformApi, type RunInput } from './methods/platform-api.ts';
import { ResultsFile } from './results-file.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    method: { type: 'string', multiple: true, default: [...METHODS] },
    backbone: { type: 'string', multiple: true, default: [...EMBEDDED_BACKBONES] },
    seed: { type: 'string', multiple: true, default: ['0', '1', '2'] },
    preset: { type: 'string', default: 'quick' },
    /** `sample-large`; `real`, the folder of `--real`. */
    dataset: { type: 'string', multiple: true },
    /** A folder in a layout that an import knows. */
    real: { type: 'string' },
    minutes: { type: 'string' },
    work: { type: 'string', default: join(tmpdir(), 'plumbline-methods') },
  },
});

const sources: Readonly<Record<string, readonly string[]>> = {
  'sample-large': ['--sample', '--size', 'large'],
  ...(values.real === undefined ? {} : { real: [resolve(values.real)] }),
};
const datasets = values.dataset ?? Object.keys(sources);
const deadline = Date.now() + 60_000 * Number(values.minutes ?? Number.POSITIVE_INFINITY);
const results = new ResultsFile(join(values.work, 'results.json'));
const wanted = values.seed.flatMap((seed) =>
  datasets.flatMap((dataset) =>
    values.method.flatMap((method) =>
      values.backbone.map(
        (backbone): RunInput => ({
          ...{ dataset, method, preset: values.preset, backbone, seed: Number(seed) },
          model: [dataset, method, backbone].join('-'),
        }),
      ),
    ),
  ),
);
for (const dataset of datasets)
  if (sources[dataset] === undefined) throw new Error(`${dataset} needs --real <folder>.`);

const missing = wanted.filter((input) => results.all[keyOf(input)] === undefined);
if (missing.length > 0 && Date.now() < deadline) await measureAll(missing);
print();

function keyOf({ dataset, method, preset, backbone, seed }: RunInput): string {
  return `${dataset}/${method}/${preset}/${backbone}/seed ${seed}`;
}

async function measureAll(inputs: readonly RunInput[]): Promise<void> {
  const platform = TestPlatform.at(join(values.work, 'home'));
  try {
    const { code, stderr } = await platform.run('up', '--no-web');
    if (code !== 0) throw new Error(stderr);
    const api = new PlatformApi((await platform.record()).apiUrl);
    await importMissing(platform, api);
    for (const input of await cheapestFirst(api, inputs)) await measureOne(api, input);
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    process.stderr.write('Out of time; the same command goes on from here.\n');
  } finally {
    if (existsSync(platform.home)) await platform.run('down');
  }
}

/** What fails is said, and asked for anew by the next call. */
async function measureOne(api: PlatformApi, input: RunInput): Promise<void> {
  const key = keyOf(input);
  try {
    await results.measured(key, async () => {
      const before = loadavg()[0];
      const measured = await measureRun(api, input, deadline);
      return { ...measured, load: [before, loadavg()[0]] };
    });
  } catch (error) {
    if (!(error instanceof RunFailed)) throw error;
    process.exitCode = 1;
    process.stderr.write(`${key} failed: ${error.message}\n`);
  }
}

async function importMissing(platform: TestPlatform, api: PlatformApi): Promise<void> {
  const known = await api.datasets();
  for (const dataset of datasets)
    if (!known.includes(dataset))
      await platform.json('datasets', 'import', ...(sources[dataset] ?? []), '--name', dataset);
}

/** By seed, then by expected time; what a method refuses to train with is said and left out. */
async function cheapestFirst(api: PlatformApi, inputs: readonly RunInput[]): Promise<RunInput[]> {
  const priced: { input: RunInput; seconds: number }[] = [];
  for (const input of inputs) {
    const estimate = await api.estimate(input);
    if (typeof estimate === 'number') priced.push({ input, seconds: estimate });
    else process.stderr.write(`${keyOf(input)} is left out: ${estimate.message}\n`);
  }
  return priced
    .sort((a, b) => a.input.seed - b.input.seed || a.seconds - b.seconds)
    .map(({ input }) => input);
}

function print(): void {
  const runs = wanted.flatMap((input) => {
    const measured = results.all[keyOf(input)];
    return measured === undefined ? [] : [measuredRunSchema.parse(measured)];
  });
  const boards = toBoards(runs);
  process.stdout.write(values.json ? `${JSON.stringify({ runs, boards })}\n` : writeTable(boards));
}
