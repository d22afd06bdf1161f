/** @file Starts an inference child and waits until its session is loaded. */
import { DomainError } from '@plumbline/contracts';
import { bundleChild, type ChildBundle, forkBundled } from './fork-bundled.ts';
import { giveWay, takePart } from './give-way.ts';
import { BOOT_MS, watchHeartbeat } from './heartbeat.ts';
import { endOf, INFERENCE_FORK, InferenceHost, type InferenceLimits } from './inference-host.ts';
import type { HostMessage } from './inference-protocol.ts';
import { LostRequest } from './lost-request.ts';

export const INFERENCE_LIMITS: InferenceLimits = {
  loadMs: 60_000,
  runMs: 20_000,
  silenceMs: 2_000,
};

export interface InferenceHostOptions {
  readonly modelPath: string;
  /** Of the processor; onnxruntime's choice (all cores) when absent or 0. */
  readonly threads?: number;
  readonly limits?: Partial<InferenceLimits>;
}

/**
 * @throws DomainError when the model can't be loaded, or not in time; LostRequest when the child is killed or stopped
 */
export async function startInferenceHost(options: InferenceHostOptions): Promise<InferenceHost> {
  const limits = { ...INFERENCE_LIMITS, ...options.limits };
  const child = forkBundled(
    await bundled(),
    [options.modelPath, String(options.threads ?? 0)],
    INFERENCE_FORK,
  );
  const { pid = 0 } = child;
  if (pid !== 0) giveWay(pid);
  let timer: NodeJS.Timeout | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (reason: string) => reject(notLoaded(options.modelPath, reason));
      timer = setTimeout(
        () => fail(`it took longer than ${limits.loadMs / 1000} s`),
        limits.loadMs,
      );
      watchHeartbeat(child, { silenceMs: limits.silenceMs, firstMs: BOOT_MS }, () =>
        reject(new LostRequest('silent', 'it stopped while it started', false)),
      );
      child.once('message', (message: HostMessage) => {
        if (message.type === 'failed') fail(message.message);
        else resolve();
      });
      child.on('error', (error) => fail(error.message));
      child.once('exit', (code, signal) => {
        if (signal !== null) reject(new LostRequest('ended', endOf(code, signal), false));
        else fail(`the process ended with code ${code}`);
      });
    });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
  takePart(pid);
  return new InferenceHost(child, limits);
}

let bundle: Promise<ChildBundle> | null = null;

/** Made once; what failed is tried again. */
function bundled(): Promise<ChildBundle> {
  bundle ??= bundleChild(new URL('./inference-child.ts', import.meta.url), [
    'onnxruntime-node',
  ]).catch((error: unknown) => {
    bundle = null;
    throw error;
  });
  return bundle;
}

function notLoaded(modelPath: string, reason: string): DomainError {
  return new DomainError('UNAVAILABLE', `The model ${modelPath} can't be loaded: ${reason}.`, {
    fix: 'Check that the file is an intact model.onnx of a bundle, and that the machine has memory for it.',
  });
}
