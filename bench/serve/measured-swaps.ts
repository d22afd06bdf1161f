/** @file A load while other versions take over and a heavy model is loaded beside, beside the same load without. */
import { setTimeout as sleep } from 'node:timers/promises';
import { quantile } from '../../apps/trainer/src/training/evaluate/measure-latency.ts';
import { type LoadRequest, type LoadResult, loadApi } from './measured-load.ts';
import { PlainConnection } from './plain-connection.ts';

export interface SwapOptions {
  /** Of the model that is asked: `http://…/v1/models/<name>`. */
  readonly model: string;
  /** Of a model that has not been loaded. */
  readonly heavyModel: string;
  readonly images: readonly Uint8Array[];
  /** Of the load without swaps; the one with them ends when they are done. */
  readonly seconds: number;
  readonly swaps: number;
  /** The last one serves. Each swap goes to one that has not been loaded. */
  readonly versions: number;
}

const CONNECTIONS = 8;
/** From a swap to the next one: the version is in use. */
const PAUSE_MS = 1_500;

/** Milliseconds of requests, and of each swap until the version serves; `slowestOfUsual` compares the slowest one with that of the load without swaps. */
export async function measureSwaps(options: SwapOptions): Promise<object> {
  const { model, heavyModel, images, seconds, swaps, versions } = options;
  const url = `${model}/predict`;
  const request: LoadRequest = { images, seconds, connections: CONNECTIONS };
  const usual = timesOf(await loadApi(url, request));
  const swapMs: number[] = [];
  const swapping = await during(url, request, async () => {
    for (let swap = 1; swap <= swaps; swap += 1) {
      swapMs.push(await promote(model, versions - swap));
      await sleep(PAUSE_MS);
    }
  });
  const loading = await during(url, request, () => predictOnce(heavyModel, images));
  return {
    swaps: {
      ...{ connections: CONNECTIONS, usual, swapping, loading },
      slowestOfUsual: {
        swapping: Number((swapping.slowest / usual.slowest).toFixed(2)),
        loading: Number((loading.slowest / usual.slowest).toFixed(2)),
      },
      swapMs: swapMs.map(Math.round),
    },
  };
}

async function during(url: string, request: LoadRequest, work: () => Promise<void>) {
  const end = new AbortController();
  const load = loadApi(
    url,
    { ...request, seconds: Number.POSITIVE_INFINITY },
    { signal: end.signal },
  );
  await work().finally(() => end.abort());
  return timesOf(await load);
}

function timesOf({ latenciesMs, failed }: LoadResult) {
  const at = (share: number) => Math.round(quantile(latenciesMs, share));
  return { requests: latenciesMs.length, failed, p50: at(0.5), p99: at(0.99), slowest: at(1) };
}

/** @returns How long it took until the version served. */
async function promote(model: string, version: number): Promise<number> {
  const before = performance.now();
  const answer = await fetch(`${model}/versions/${version}/promote`, { method: 'POST' });
  if (!answer.ok) throw new Error(`Version ${version} is not promoted: ${await answer.text()}`);
  return performance.now() - before;
}

async function predictOnce(model: string, [image]: readonly Uint8Array[]): Promise<void> {
  const connection = new PlainConnection(`${model}/predict`);
  const status = await connection.post(image ?? new Uint8Array());
  connection.close();
  if (status !== 200) throw new Error(`${model} answers ${status}.`);
}
