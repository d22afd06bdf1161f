/**
 * @file TensorFlow.js' own backends, fastest first: `@tensorflow/tfjs-node-gpu` and `@tensorflow/tfjs-node` (both
 * optional, native, not installed by themselves) and the CPU backend in plain JavaScript, which is always there.
 */
import { createRequire } from 'node:module';
import { DomainError } from '@plumbline/contracts';
import '../trace/gradients/index.ts';
import {
  enableProdMode,
  fill,
  getBackend,
  grad,
  matMul,
  setBackend,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
} from '@tensorflow/tfjs-core';

export const TFJS_BACKENDS = ['tfjs-node-gpu', 'tfjs-node', 'tfjs-cpu'] as const;
export type TfjsBackendName = (typeof TFJS_BACKENDS)[number];

interface Source {
  readonly packageName: string;
  /** What TensorFlow.js calls the backend that the package registers. */
  readonly registered: string;
  readonly fix: string;
}

const SOURCES: Readonly<Record<TfjsBackendName, Source>> = {
  'tfjs-node-gpu': {
    packageName: '@tensorflow/tfjs-node-gpu',
    registered: 'tensorflow',
    fix: 'Run "plumb doctor --install tfjs-gpu" where its libraries can be downloaded (hundreds of MB; CUDA 11.2, cuDNN 8.1).',
  },
  'tfjs-node': {
    packageName: '@tensorflow/tfjs-node',
    registered: 'tensorflow',
    fix: 'Run "npm install --no-save @tensorflow/tfjs-node@4.22.0" where its libraries can be downloaded.',
  },
  'tfjs-cpu': {
    packageName: '@tensorflow/tfjs-backend-cpu',
    registered: 'cpu',
    fix: 'Run "npm install" again.',
  },
};

export interface TfjsBackend {
  readonly name: TfjsBackendName;
  /** For `setBackend`. */
  readonly registered: string;
}

export type TfjsProbe =
  | { readonly ok: true; readonly backend: TfjsBackend }
  | {
      readonly ok: false;
      readonly name: TfjsBackendName;
      readonly reason: string;
      readonly fix: string;
    };

const require = createRequire(import.meta.url);

/**
 * Loads one backend into this process; TensorFlow.js' current backend stays what it is.
 * @param folder Of its package; found by its name when absent.
 */
export function loadTfjsBackend(name: TfjsBackendName, folder?: string): TfjsProbe {
  const { packageName, registered, fix } = SOURCES[name];
  const previous = getBackend();
  try {
    // By `require`: the optional packages must share this module's TensorFlow.js core, which is CommonJS in Node.
    require(folder ?? packageName);
    // Without its checks TensorFlow.js neither advises to install something else nor looks for NaN in every result.
    enableProdMode();
    setBackend(registered);
    if (getBackend() !== registered) throw new Error(`the backend "${registered}" did not start`);
    return { ok: true, backend: { name, registered } };
  } catch (error) {
    return { ok: false, name, reason: reasonOf(error, packageName), fix };
  } finally {
    if (previous) setBackend(previous);
  }
}

/**
 * The first backend that works, or the one that is named.
 * @throws DomainError UNAVAILABLE saying why none does and what would fix it.
 */
export function openTfjsBackend(wanted?: TfjsBackendName): TfjsBackend {
  const failures: string[] = [];
  let fix = '';
  for (const name of wanted === undefined ? TFJS_BACKENDS : [wanted]) {
    const probe = loadTfjsBackend(name);
    if (probe.ok) return probe.backend;
    failures.push(`${name}: ${probe.reason}`);
    fix = probe.fix;
  }
  throw new DomainError(
    'UNAVAILABLE',
    `No TensorFlow.js backend works here (${failures.join('; ')}).`,
    { fix },
  );
}

export function fixOfTfjsBackend(name: TfjsBackendName): string {
  return SOURCES[name].fix;
}

/**
 * Loads a backend and lets it compute a gradient: being loaded is not yet working.
 * @throws Error saying in a few words why it does not work.
 */
export function tryTfjsBackend(name: string, folder?: string): void {
  const known = TFJS_BACKENDS.find((candidate) => candidate === name);
  if (known === undefined) throw new Error(`there is no backend "${name}"`);
  const probe = loadTfjsBackend(known, folder);
  if (!probe.ok) throw new Error(probe.reason);
  setBackend(probe.backend.registered);
  const side = 8;
  // d/dx Σ x·w = the sums of the rows of w.
  const found = tidy(() => {
    const weights = fill([side, side], 2) as Tensor2D;
    const gradient = grad((x: Tensor) => sum(matMul(x as Tensor2D, weights)));
    return gradient(fill([side, side], 3)).dataSync();
  });
  if (found.length !== side * side || !found.every((value) => value === 2 * side))
    throw new Error('it computes a wrong gradient');
}

function reasonOf(error: unknown, packageName: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'MODULE_NOT_FOUND' && message.includes(packageName)) return 'not installed';
  if (message.includes('native addon module'))
    return 'installed without its native library, which is downloaded on request only';
  if (message.includes('isNullOrUndefined')) return 'it needs Node 22 or older';
  return message.split('\n')[0] ?? 'failed';
}
