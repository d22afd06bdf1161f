/**
 * @file Fetches the native library of `@tensorflow/tfjs-node-gpu` with the package's own install script, which npm does
 * not run by itself. It runs in a copy of the package; the copy takes the package's place once it has computed something,
 * so that an installation that fails leaves everything as it was.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, parse } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import { type ProbeAnswer, probeInChild } from '@plumbline/runtime';
import { environmentWithPath } from '../env.ts';

export interface InstallOptions {
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
  /** The package's folder; found by its name when absent. */
  readonly folder?: string;
  /** Lets the copy compute something. */
  readonly verify?: (folder: string) => Promise<ProbeAnswer>;
}

const PACKAGE = '@tensorflow/tfjs-node-gpu';
const TIMEOUT_MS = 30 * 60_000;
const UNCHANGED = 'Nothing was changed.';

/** @throws DomainError UNAVAILABLE saying what failed; the installed package is then as it was. */
export async function installTfjsGpu(options: InstallOptions): Promise<{ folder: string }> {
  const folder = options.folder ?? packageFolder();
  const prefix = `.${basename(folder)}.partial-`;
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(prefix)) await rm(join(dirname(folder), name), { recursive: true });
  const copy = join(dirname(folder), `${prefix}${process.pid}`);
  try {
    await cp(folder, copy, { recursive: true, verbatimSymlinks: true });
    options.progress('Downloading the native library of TensorFlow (hundreds of megabytes) …');
    await runInstallScript(copy, options);
    options.progress('Trying it …');
    const answer = await (options.verify ?? tryBackend)(copy);
    if (!answer.ok) {
      throw new DomainError(
        'UNAVAILABLE',
        `It was installed but does not work: ${answer.reason}.`,
        {
          fix: `${UNCHANGED} It needs CUDA 11.2 and cuDNN 8.1, and Node 22 or older.`,
        },
      );
    }
    // The script writes into its package.json while it builds.
    await copyFile(join(folder, 'package.json'), join(copy, 'package.json'));
    await swap(copy, folder);
    return { folder };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function packageFolder(): string {
  if (process.arch !== 'x64' || !['linux', 'win32'].includes(process.platform)) {
    throw new DomainError(
      'UNSUPPORTED',
      `tfjs-node-gpu is not made for ${process.platform} ${process.arch}.`,
      { fix: 'It is for Linux and Windows on x64 with an NVIDIA GPU; use the executor onnx here.' },
    );
  }
  try {
    return dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`));
  } catch (cause) {
    throw new DomainError('NOT_FOUND', `The optional package ${PACKAGE} is not installed.`, {
      fix: 'Run "npm install" without leaving out optional packages, then try again.',
      cause,
    });
  }
}

/** @throws DomainError with the reason in the script's words. */
async function runInstallScript(copy: string, { signal }: InstallOptions): Promise<void> {
  const child = spawn(process.execPath, ['scripts/install.js', 'gpu', 'download'], {
    cwd: copy,
    env: environmentWithPath(binFolders(copy)),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it starts ends with it.
    detached: process.platform !== 'win32',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-20_000);
    });
  let interrupted: string | null = null;
  const end = (why: string) => {
    interrupted = why;
    if (child.pid === undefined) return;
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  };
  const onAbort = () => end('it was interrupted');
  signal.addEventListener('abort', onAbort);
  const timer = setTimeout(() => end('it took more than half an hour'), TIMEOUT_MS);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0 || interrupted !== null) throw failure(interrupted, output);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** Where npm has put the programs that the script calls. */
function binFolders(folder: string): string[] {
  const found: string[] = [];
  for (let at = folder; at !== parse(at).root; at = dirname(at))
    found.push(join(at, 'node_modules', '.bin'));
  return found;
}

const NETWORK_ERROR =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b(?:\s+([\w.:-]+))?/;

function failure(interrupted: string | null, output: string): DomainError {
  const network = NETWORK_ERROR.exec(output);
  if (interrupted === null && network !== null) {
    const [, code, host = 'the host of the download'] = network;
    return new DomainError('UNAVAILABLE', `${host} can't be reached (${code}).`, {
      fix: `${UNCHANGED} Let this machine reach it (HTTPS_PROXY is honored), or set TFJS_NODE_CDN_STORAGE to a copy of it; the executor onnx needs none of this.`,
    });
  }
  const lines = output.split('\n').filter((line) => /error/i.test(line) && !/^\s+at /.test(line));
  const why = interrupted ?? lines.at(-1)?.trim() ?? 'its script failed without a message';
  return new DomainError('UNAVAILABLE', `tfjs-node-gpu was not installed: ${why}.`, {
    fix: `${UNCHANGED} The executor onnx needs none of this.`,
  });
}

function tryBackend(folder: string): Promise<ProbeAnswer> {
  const entry = new URL('./probe-tfjs-child.ts', import.meta.url);
  return probeInChild(entry, ['tfjs-node-gpu', folder]);
}

async function swap(copy: string, folder: string): Promise<void> {
  const former = `${copy}-former`;
  await rename(folder, former);
  try {
    await rename(copy, folder);
  } catch (error) {
    await rename(former, folder);
    throw error;
  }
  await rm(former, { recursive: true, force: true });
}
