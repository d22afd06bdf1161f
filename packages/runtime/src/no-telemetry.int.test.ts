import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';

/** What a process that opens a session leaves in its home and temporary folders. */
const SESSION = `
  await import(process.argv[1]).then((ort) => ort.InferenceSession.create(new Uint8Array(4))).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 500));
`;
const HOST = `
  const [host, model] = ['start-inference-host.ts', 'testing/brightness.onnx'].map((name) => new URL(name, process.argv[1]));
  const { startInferenceHost } = await import(host.href);
  const started = await startInferenceHost({ modelPath: model.pathname });
  await new Promise((resolve) => setTimeout(resolve, 500));
  await started.stop();
`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telemetry-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function traces(module: string, script = SESSION): Promise<string[]> {
  const home = await mkdtemp(join(folder, 'home-'));
  const loader = import.meta.resolve('tsx');
  await promisify(execFile)(
    process.execPath,
    ['--import', loader, '--input-type=module', '--eval', script, module],
    // Nothing else of this environment: it sends nothing where it believes that it is being tested.
    { env: { PATH: process.env['PATH'], HOME: home, TMPDIR: home } },
  );
  // The TypeScript loader's own cache is none of it.
  return (await readdir(home, { recursive: true })).filter((path) => !path.startsWith('tsx-'));
}

it('leaves no trace of ONNX Runtime’s telemetry: no identifier of the machine, no events to send', async () => {
  expect(await traces(new URL('./onnxruntime.ts', import.meta.url).href)).toEqual([]);
});

it('nor do the processes that run graphs', async () => {
  expect(await traces(import.meta.url, HOST)).toEqual([]);
});

it.runIf(process.platform === 'linux')('which it leaves otherwise', async () => {
  const left = await traces(import.meta.resolve('onnxruntime-node'));
  expect(left.join(' ')).toContain('deviceid');
});
