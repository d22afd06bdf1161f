/** @file Which execution providers of onnxruntime work on this machine, why the others don't, and what would fix it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ProviderReport } from '@plumbline/contracts';
import { hardwareIsVisible } from './adapters.ts';
import { type ProbeAnswer, probeInChild } from './probe-in-child.ts';
import type { Provider } from './provider.ts';

/** In the order in which they are tried: with `cuda`, the state of a training crosses to the host and back at each step. */
export const PROVIDERS: readonly Provider[] = ['webgpu', 'cuda', 'cpu'];

/** Side of the matrices: large enough that a graphics card beats a processor and a driver in software does not. */
const SIDE = 1024;
/** For a driver in software, whose time nobody compares. */
const SMALL_SIDE = 64;

const FIX: Readonly<Record<Provider, string>> = {
  cuda: 'With an NVIDIA GPU, CUDA 12 and cuDNN 9 on Linux x64, run "ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js" (a download).',
  webgpu:
    "Install the GPU's Vulkan driver (Linux: libvulkan1 with Mesa 24 or later, or NVIDIA's); in a container, give it access to the GPU, including its graphics capability.",
  cpu: 'Run "npm install" again.',
};

/** Tries one provider in a child process. */
export async function probeProvider(provider: Provider): Promise<ProviderReport> {
  const missing = provider === 'cuda' ? missingCuda() : null;
  const answer: ProbeAnswer =
    missing === null
      ? await probeInChild(new URL('./probe-provider-child.ts', import.meta.url), [
          provider,
          String(isSoftware(provider) ? SMALL_SIDE : SIDE),
        ])
      : { ok: false, reason: missing };
  return toReport(provider, answer);
}

/** All providers, one after the other so that their times can be compared. */
export async function probeProviders(): Promise<ProviderReport[]> {
  const reports: ProviderReport[] = [];
  for (const provider of PROVIDERS) reports.push(await probeProvider(provider));
  return reports;
}

export function toReport(provider: Provider, answer: ProbeAnswer): ProviderReport {
  const { ok } = answer;
  const software = ok && isSoftware(provider);
  return {
    executor: 'onnx',
    name: provider,
    ok,
    software,
    milliseconds: ok && !software ? answer.milliseconds : null,
    reason: ok ? null : answer.reason,
    fix: ok ? null : FIX[provider],
  };
}

function isSoftware(provider: Provider): boolean {
  return provider === 'webgpu' && hardwareIsVisible() === false;
}

/** Its library is not in the package; loading without it prints alarming lines before it fails. */
function missingCuda(): string | null {
  if (process.platform === 'darwin') return 'not made for this system';
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node');
  const folder = join(dirname(entry), '..', 'bin', 'napi-v6', process.platform, process.arch);
  const library =
    process.platform === 'win32'
      ? 'onnxruntime_providers_cuda.dll'
      : 'libonnxruntime_providers_cuda.so';
  return existsSync(join(folder, library)) ? null : 'its library is not installed';
}
