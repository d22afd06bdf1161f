/**
 * @file The API under a closed-loop load of real images, and the same graph in a bare loop with the same threads, in turns of a
 * tenth of the time, since the machine may be busy with something else.
 *
 *     npm run bench -- serve --json [--bundle <folder>] [--backbone compact] [--images ../shared/images] [--seconds 20]
 *       [--connections 1 --connections 16] [--versions 200] [--threads 2] [--requests 20000] [--swaps 10]
 *
 * `--alone`: one process computes, whatever the load. Without `--bundle`, what a run trains that names no method and no backbone is trained on the
 * sample dataset. `--requests` then sends that many for the memory, which is read at each quarter: what is filled once does not grow on.
 * `--swaps` then promotes so many versions that are not loaded, one after another under 8 connections, and has a graph of 200 MB more loaded
 * beside, each beside the same load without.
 * Ratios are the numbers to read: `ofBare` is throughput as a share of the bare loop's, the median of the turns, which decodes the next image while it
 * runs one (for one connection it does not), `p99OfMedian` the tail. `cpuMs`: processor time
 * an image, of the API and of what computes for it, beside `bareCpuMs`, which tell on a busy machine too. `overheadMs`: the median of one 256×256 PNG at a time
 * above that of the bare loop.
 */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_BACKBONE } from '@plumbline/contracts';
import { forkTypeScript } from '@plumbline/runtime';
import { quantile } from '../apps/trainer/src/training/evaluate/measure-latency.ts';
import { median } from './against.ts';
import { residentMbBelow } from './scale/process-memory.ts';
import { cpuTimeMs } from './serve/cpu-time.ts';
import { type LoadRequest, type LoadResult, loadApi } from './serve/measured-load.ts';
import { measureSwaps } from './serve/measured-swaps.ts';
import { realImages, smallImages } from './serve/serve-images.ts';
import { HEAVY_MODEL, MODEL, serveVersions } from './serve/served-version.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    bundle: { type: 'string' },
    backbone: { type: 'string', default: DEFAULT_BACKBONE },
    images: { type: 'string', default: join(import.meta.dirname, '..', '..', 'shared', 'images') },
    seconds: { type: 'string', default: '20' },
    connections: { type: 'string', multiple: true, default: ['1', '4', '16', '64'] },
    versions: { type: 'string', default: '200' },
    threads: { type: 'string', default: String(availableParallelism()) },
    requests: { type: 'string', default: '0' },
    swaps: { type: 'string', default: '0' },
    query: { type: 'string', default: '' },
    alone: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
/** Of a load and the bare loop in turns. */
const ROUNDS = 10;
/** As in `loop-delay.mjs`. */
const LOOP_DELAY = 'loop-delay';

const say = (text: string) => process.stderr.write(`${text}\n`);
const real = realImages(values.images);
const small = await smallImages(real);
say(`${real.length} images; publishing ${values.versions} versions …`);
const served = await serveVersions({
  bundle: values.bundle ?? null,
  backbone: values.backbone,
  versions: Number(values.versions),
  hasHeavy: Number(values.swaps) > 0,
});
const api = forkTypeScript(new URL('../apps/api/src/main.ts', import.meta.url), [], {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  execArgv: ['--import', new URL('./serve/loop-delay.mjs', import.meta.url).href],
  env: {
    ...process.env,
    ...{ PLUMBLINE_HOME: served.home.root, DATABASE_URL: served.databaseUrl },
    ...{ PLUMBLINE_THREADS: values.threads, PLUMBLINE_API_PORT: '0' },
    ...(values.alone ? { PLUMBLINE_INFERENCE_PROCESSES: '1' } : {}),
  },
});
const [listening] = (await once(api, 'message')) as [{ url: string }];
const models = `${listening.url}/v1/models`;
const url = `${models}/${MODEL}/predict${values.query}`;
const bare = forkTypeScript(new URL('./serve/bare-process.ts', import.meta.url), [
  ...[served.modelPath, values.threads],
]);
await once(bare, 'message');

try {
  await warmUp();
  const loads = [];
  for (const connections of values.connections.map(Number)) loads.push(await measure(connections));
  const single = await overhead();
  const memory = Number(values.requests) > 0 ? await memoryOver(Number(values.requests)) : null;
  const swaps = await swapping(Number(values.swaps));
  const { threads, versions } = values;
  const result = {
    ...{ threads: Number(threads), versions: Number(versions) },
    ...{ loads, ...single, memory, ...swaps },
  };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else console.dir(result, { depth: null });
} finally {
  api.kill();
  bare.kill();
  if (api.exitCode === null) await once(api, 'exit');
  await served.stop();
}

async function warmUp(): Promise<void> {
  for (const connections of [1, 8]) await loadApi(url, { images: real, seconds: 3, connections });
  await ask<LoadResult>(bare, { images: real, seconds: 3, connections: 4 });
}

/** In turns, since what else the machine does comes and goes. */
async function measure(connections: number): Promise<object> {
  const request: LoadRequest = { images: real, seconds: seconds / ROUNDS, connections };
  const rounds: Awaited<ReturnType<typeof measureRound>>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measureRound(request));
  const latencies = rounds.flatMap(({ load }) => load.latenciesMs);
  const sum = (of: (round: (typeof rounds)[number]) => number) =>
    rounds.reduce((total, round) => total + of(round), 0);
  const bareImages = sum(({ alone }) => alone.latenciesMs.length);
  const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
  const row = {
    connections,
    perSecond: round(latencies.length / sum(({ load }) => load.seconds)),
    barePerSecond: round(bareImages / sum(({ alone }) => alone.seconds)),
    ofBare: round(median(rounds.map(({ load, alone }) => rate(load) / rate(alone))), 3),
    p50Ms: round(p50),
    p99Ms: round(p99),
    p99OfMedian: round(p99 / p50, 2),
    delayP99Ms: round(median(rounds.map(({ delayP99Ms }) => delayP99Ms))),
    cpuMs: round(sum(({ cpuMs }) => cpuMs) / latencies.length),
    bareCpuMs: round(sum(({ bareCpuMs }) => bareCpuMs) / bareImages),
    requests: latencies.length,
    failed: sum(({ load }) => load.failed),
  };
  say(JSON.stringify(row));
  return row;
}

async function measureRound(request: LoadRequest) {
  const bareBefore = cpuTimeMs(bare.pid ?? 0);
  const alone = await ask<LoadResult>(bare, request);
  const bareCpuMs = cpuTimeMs(bare.pid ?? 0) - bareBefore;
  await ask(api, LOOP_DELAY);
  const before = cpuTimeMs(api.pid ?? 0);
  const load = await loadApi(url, request);
  const cpuMs = cpuTimeMs(api.pid ?? 0) - before;
  const { delayP99Ms } = await ask<{ delayP99Ms: number }>(api, LOOP_DELAY);
  return { alone, load, cpuMs, bareCpuMs, delayP99Ms };
}

/** Of one 256×256 PNG at a time, in turns. */
async function overhead(): Promise<object> {
  const request: LoadRequest = { images: small, seconds: seconds / 4, connections: 1 };
  const rounds: { api: number; bare: number }[] = [];
  for (let round = 0; round < 3; round += 1) {
    const alone = await ask<LoadResult>(bare, request);
    const load = await loadApi(url, request);
    rounds.push({
      api: quantile(load.latenciesMs, 0.5),
      bare: quantile(alone.latenciesMs, 0.5),
    });
  }
  return {
    overheadMs: round(median(rounds.map((one) => one.api - one.bare))),
    bareMs: round(median(rounds.map((one) => one.bare))),
  };
}

async function swapping(swaps: number): Promise<object> {
  if (swaps === 0) return {};
  return measureSwaps({
    ...{ model: `${models}/${MODEL}`, heavyModel: `${models}/${HEAVY_MODEL}` },
    ...{ images: real, seconds, swaps, versions: Number(values.versions) },
  });
}

async function memoryOver(requests: number): Promise<object> {
  const load = (count: number) =>
    loadApi(
      url,
      { images: real, seconds: Number.POSITIVE_INFINITY, connections: 16 },
      { limit: count },
    );
  await load(Math.ceil(requests / 20));
  const before = resident();
  let failed = 0;
  const quarters: Record<string, number | null>[] = [];
  for (let quarter = 0; quarter < 4; quarter += 1) {
    failed += (await load(Math.ceil(requests / 4))).failed;
    quarters.push(resident());
  }
  return { requests, failed, before, quarters };
}

/** Resident memory of the API and of its inference processes, MB; null where the system does not tell. */
function resident(): Record<string, number | null> {
  return {
    apiMb: residentMbBelow(process.pid, 'api/src/main.ts'),
    inferenceMb: residentMbBelow(process.pid, 'inference-child'),
  };
}

async function ask<Answer>(child: ChildProcess, what: unknown): Promise<Answer> {
  const answered = once(child, 'message') as Promise<[Answer]>;
  child.send(what as object);
  return (await answered)[0];
}

function rate({ latenciesMs, seconds: taken }: LoadResult): number {
  return latenciesMs.length / taken;
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
