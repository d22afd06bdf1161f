/** @file A model in the browser on a graphics card, for which Chromium's software adapter stands in: one that lacks half precision. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { floatToHalf } from '@plumbline/contracts';
import { gatherHalves, trace } from '@plumbline/model/trace';
import * as tf from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Opened from '../apps/web/src/components/inspect/local/open-session.ts';
import { browserMissing, launchBrowser } from './support/browser.ts';

const ROOT = join(import.meta.dirname, '..');
const ENTRY = join(ROOT, 'apps/web/src/components/inspect/local/open-session.ts');
const RUNTIME = join(ROOT, 'node_modules/onnxruntime-web/dist');
const IMPORTS = {
  'onnxruntime-web/webgpu': '/ort.webgpu.mjs',
  'onnxruntime-web/wasm': '/ort.wasm.mjs',
};
const PAGE = `<script type="importmap">${JSON.stringify({ imports: IMPORTS })}</script>
<script type="module">import * as opened from '/open-session.js'; globalThis.opened = opened;</script>`;
const SOFTWARE_CARD = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--ignore-gpu-blocklist',
];

/** `doubled` of four numbers; with `half`, from a table of float16. */
function graphOf(precision: 'full' | 'half'): Uint8Array {
  const inputs = { numbers: { shape: [4], dtype: 'float32' } } as const;
  const halves = Uint16Array.from([0, 1, 2, 3], floatToHalf);
  return trace({ name: precision, inputs }, ({ numbers }) => {
    const given = numbers as tf.Tensor;
    const rows = () => gatherHalves({ shape: [4, 1], halves }, tf.cast(given, 'int32'));
    const doubled = precision === 'full' ? tf.add(given, given) : tf.mul(tf.squeeze(rows()), 2);
    return { doubled };
  });
}

describe.skipIf(browserMissing !== null)('a graph in the browser', () => {
  const open = async () => {
    const [code] = (
      await build({
        ...{ entryPoints: [ENTRY], bundle: true, write: false, format: 'esm' },
        external: Object.keys(IMPORTS),
      })
    ).outputFiles;
    const server = createServer((request, response) => {
      const name = basename(request.url ?? '');
      if (name === '') response.setHeader('content-type', 'text/html').end(PAGE);
      else {
        const type = name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript';
        response.setHeader('content-type', type);
        if (name === 'open-session.js') response.end(code?.contents);
        else createReadStream(join(RUNTIME, name)).pipe(response);
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const browser = await launchBrowser(SOFTWARE_CARD);
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    return { server, browser, page };
  };
  let opened: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(async () => {
    await opened.browser.close();
    opened.server.close();
  });

  it.each([
    ['full', 'webgpu'],
    ['half', 'wasm'],
  ] as const)('of %s precision runs on %s', async (precision, provider) => {
    const run = await opened.page.evaluate(runHere, [...graphOf(precision)]);
    expect(run).toEqual({ provider, doubled: [2, 4, 6, 0] });
  });
});

/** In the page. The product leaves software adapters alone, so this one says that it is none. */
async function runHere(bytes: number[]): Promise<{ provider: string; doubled: number[] }> {
  const { openSession } = (globalThis as unknown as { opened: typeof Opened }).opened;
  const { gpu } = navigator as unknown as { gpu: { requestAdapter(): Promise<object | null> } };
  const real = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = async () => {
    gpu.requestAdapter = real;
    return (await real()) && { info: {} };
  };
  const run = async ({ session, runtime }: Opened.OpenedSession) => {
    const numbers = new runtime.Tensor('float32', Float32Array.of(1, 2, 3, 0), [4]);
    return Array.from((await session.run({ numbers }))['doubled']?.data as Float32Array);
  };
  const opened = await openSession(Uint8Array.from(bytes), run);
  return { provider: opened.provider, doubled: await run(opened) };
}
