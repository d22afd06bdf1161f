/** @file Opens a bundle's graph in onnxruntime-web: on the graphics card where the browser gives one, else on the processor. */
import { DomainError } from '@plumbline/contracts';
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { LocalProvider } from './messages.ts';

/** Either build of onnxruntime-web; each is loaded only when it is used. */
interface Runtime {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
}

export interface OpenedSession {
  readonly provider: LocalProvider;
  readonly session: InferenceSession;
  readonly runtime: Runtime;
}

/**
 * @param tryOut Runs an image. What a graph needs and a card lacks, such as half precision, shows only then.
 * @throws DomainError UNSUPPORTED with onnxruntime's reason when the graph can't run here.
 */
export async function openSession(
  graph: Uint8Array,
  tryOut: (opened: OpenedSession) => Promise<unknown>,
): Promise<OpenedSession> {
  if (await hasCard()) {
    const opened = await openOn('webgpu', graph).catch(() => null);
    if (opened !== null && (await succeeds(tryOut(opened)))) return opened;
    await opened?.session.release().catch(() => {});
  }
  try {
    return await openOn('wasm', graph);
  } catch (cause) {
    throw cannotRun(cause);
  }
}

export function cannotRun(cause: unknown): DomainError {
  const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n')[0];
  const message = `This model can’t run in this browser: ${reason}`;
  return new DomainError('UNSUPPORTED', message, { fix: 'Inspect on the server instead.', cause });
}

function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** A software adapter is slower than WebAssembly. */
async function hasCard(): Promise<boolean> {
  if (!('gpu' in navigator)) return false;
  const gpu = navigator.gpu as { requestAdapter(): Promise<Adapter | null> };
  const adapter = await gpu.requestAdapter().catch(() => null);
  return adapter !== null && adapter.info?.isFallbackAdapter !== true;
}

interface Adapter {
  readonly info?: { readonly isFallbackAdapter?: boolean };
}

async function openOn(provider: LocalProvider, graph: Uint8Array): Promise<OpenedSession> {
  const runtime = await (provider === 'webgpu'
    ? import('onnxruntime-web/webgpu')
    : import('onnxruntime-web/wasm'));
  // More threads need a page that is isolated from other origins, which the dashboard is not.
  runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(graph, { executionProviders: [provider] });
  return { provider, session, runtime };
}
