/** @file One inference session in a child process: the caller's event loop stays free, and a crash is a failed request. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { DomainError } from '@plumbline/contracts';
import { forkTypeScript } from './fork-typescript.ts';
import type { HostMessage, InspectRequest } from './inference-protocol.ts';

export interface InspectedImage {
  readonly width: number;
  readonly height: number;
  /** RGB, uint8 `[height, width, 3]`. */
  readonly data: Uint8Array;
}

export interface InspectionResult {
  readonly imageScore: number;
  /** Row-major f32 `[mapHeight, mapWidth]`. */
  readonly anomalyMap: Float32Array;
  readonly mapHeight: number;
  readonly mapWidth: number;
  /** What the image's category is found by; null when the graph has no such output. */
  readonly categoryDescriptor: Float32Array | null;
  /** Time inside the child, resize and normalization included. */
  readonly milliseconds: number;
}

export interface InferenceHostOptions {
  readonly modelPath: string;
  readonly threads?: number;
}

type Result = Extract<HostMessage, { type: 'result' | 'picture' }>;

interface Waiting {
  resolve(result: Result): void;
  reject(error: Error): void;
}

export class InferenceHost {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #ended: Error | null = null;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (message: HostMessage) => this.#settle(message));
    child.on('exit', (code, signal) => this.#fail(code, signal));
  }

  /** Process id of the child. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isAlive(): boolean {
    return this.#ended === null;
  }

  /** Scores one image. @throws DomainError UNAVAILABLE when the child ended before it answered. */
  async inspect(image: InspectedImage): Promise<InspectionResult> {
    const result = await this.#ask('inspect', image);
    if (result.type !== 'result') throw new Error('The child answered something else.');
    return result;
  }

  /**
   * What the model takes for normal in the image, by the `normal.onnx` beside the model, which is loaded when first asked.
   * @returns A picture of the decoder's size, whatever the image's.
   * @throws DomainError UNAVAILABLE when the child ended before it answered.
   */
  async decodeNormal(image: InspectedImage): Promise<InspectedImage> {
    const result = await this.#ask('normal', image);
    if (result.type !== 'picture') throw new Error('The child answered something else.');
    const { width, height, data } = result;
    return { width, height, data };
  }

  #ask(type: InspectRequest['type'], image: InspectedImage): Promise<Result> {
    if (this.#ended !== null) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    const request: InspectRequest = {
      type,
      id,
      width: image.width,
      height: image.height,
      data: image.data,
    };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send(request, (error) => {
        if (error !== null && this.#waiting.delete(id))
          reject(this.#ended ?? lost('its channel closed'));
      });
    });
  }

  async stop(): Promise<void> {
    if (this.#ended !== null) return;
    const exited = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    await exited;
    clearTimeout(timer);
  }

  #settle(message: HostMessage): void {
    if (message.type === 'ready' || message.type === 'failed') return;
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.type === 'error') waiting?.reject(new Error(message.message));
    else waiting?.resolve(message);
  }

  #fail(code: number | null, signal: NodeJS.Signals | null): void {
    this.#ended = lost(
      signal === null ? `it ended with code ${code}` : `it was killed by ${signal}`,
    );
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

function lost(reason: string): DomainError {
  return new DomainError('UNAVAILABLE', `The inference process is gone: ${reason}.`, {
    fix: 'Send the request again: a new process is started for it.',
  });
}

/** Starts the child and waits until its session is loaded. @throws DomainError when the model can't be loaded. */
export async function startInferenceHost(options: InferenceHostOptions): Promise<InferenceHost> {
  const child = forkTypeScript(
    new URL('./inference-child.ts', import.meta.url),
    [options.modelPath, String(options.threads ?? 0)],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  const first = await new Promise<HostMessage>((resolve) => {
    child.once('message', (message: HostMessage) => resolve(message));
    child.once('exit', (code) =>
      resolve({ type: 'failed', message: `the process ended with code ${code}` }),
    );
  });
  if (first.type === 'failed') {
    throw new DomainError(
      'UNAVAILABLE',
      `The model ${options.modelPath} can't be loaded: ${first.message}`,
      {
        fix: 'Check that the file is an intact model.onnx of a bundle.',
      },
    );
  }
  return new InferenceHost(child);
}
