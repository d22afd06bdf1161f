/**
 * @file One inference session in a child process: the caller's event loop stays free, and a crash is a failed request.
 * A child that has stopped, hangs in an image or does not come up is ended; whoever waits for it gets a `LostRequest`.
 */
import type { ChildProcess, ForkOptions } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { HEARTBEAT_FORK, watchHeartbeat } from './heartbeat.ts';
import type { HostMessage, InspectRequest } from './inference-protocol.ts';
import { type LossCause, LostRequest } from './lost-request.ts';
import { REQUESTS_FD, writeRequest } from './request-pipe.ts';

export interface InspectedImage {
  readonly width: number;
  readonly height: number;
  /** RGB, uint8 `[height, width, 3]`. */
  readonly data: Uint8Array;
}

export interface InspectionResult {
  readonly imageScore: number;
  /** Row-major f32 `[mapHeight, mapWidth]`; empty unless it was asked for. */
  readonly anomalyMap: Float32Array;
  readonly mapHeight: number;
  readonly mapWidth: number;
  /** What the image's category is found by; null when the graph has no such output. */
  readonly categoryDescriptor: Float32Array | null;
  /** Time inside the child, resize and normalization included. */
  readonly milliseconds: number;
}

export type InspectionOutput = Exclude<InspectRequest['type'], 'normal'>;

export interface InferenceLimits {
  /** From the start of the process until its session is loaded. */
  readonly loadMs: number;
  /** For one image, from when the child turns to it. The first one allocates the graph's memory. */
  readonly runMs: number;
  /** How long a child may give no sign of life. */
  readonly silenceMs: number;
}

/** For `fork`: a child that takes requests, with a heartbeat. */
export const INFERENCE_FORK: ForkOptions = {
  ...HEARTBEAT_FORK,
  stdio: [...HEARTBEAT_FORK.stdio, 'pipe'],
};

/** Images that the child has: one is computed while the next one travels. The others wait here. */
const SENT_AT_ONCE = 2;
const STOP_GRACE_MS = 3_000;

type Result = Extract<HostMessage, { type: 'result' | 'picture' }>;

interface Asked {
  readonly type: InspectRequest['type'];
  readonly image: InspectedImage;
  readonly ignore?: number;
  readonly decoder?: string;
}

interface Waiting extends Asked {
  isSent: boolean;
  resolve(result: Result): void;
  reject(error: Error): void;
}

export class InferenceHost {
  readonly #child: ChildProcess;
  readonly #requests: Writable;
  readonly #limits: InferenceLimits;
  readonly #queue: Waiting[] = [];
  /** In the order in which the child computes them. */
  readonly #sent = new Map<number, Waiting>();
  #nextId = 0;
  #lost: { cause: LossCause; reason: string } | null = null;
  #deadline: NodeJS.Timeout | undefined;

  /** @param child has loaded its session; forked with `INFERENCE_FORK` */
  constructor(child: ChildProcess, limits: InferenceLimits) {
    this.#child = child;
    this.#limits = limits;
    this.#requests = requestsOf(child);
    // It can't be told anything any more; its end says what was the matter.
    this.#requests.on('error', () => child.kill('SIGKILL'));
    child.on('message', (message: HostMessage) => this.#settle(message));
    child.on('error', (error) => this.#lose('ended', error.message));
    child.on('exit', (code, signal) => this.#lose('ended', endOf(code, signal)));
    watchHeartbeat(child, limits, () =>
      this.#lose('silent', `it gave no sign of life for ${limits.silenceMs / 1000} s`),
    );
  }

  /** Process id of the child. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Images that it has or that wait for it. */
  get load(): number {
    return this.#sent.size + this.#queue.length;
  }

  get isAlive(): boolean {
    return this.#lost === null;
  }

  /**
   * Scores one image.
   * @param output `scores` spares the way of the map, which is as large as a small image
   * @param ignore whose ignore regions, as `ignoreNumber` gives it; of no use to a graph without any
   * @throws LostRequest when the child ended, stopped or took too long
   */
  async inspect(
    image: InspectedImage,
    output: InspectionOutput = 'map',
    ignore = 0,
  ): Promise<InspectionResult> {
    const result = await this.#ask({ type: output, image, ignore });
    if (result.type !== 'result') throw new Error('The child answered something else.');
    return result;
  }

  /**
   * The picture of what the model expects.
   * @param decoder Path of its `normal.onnx`, which is loaded when first asked
   * @returns A picture of the decoder's size, whatever the image's.
   * @throws LostRequest when the child ended, stopped or took too long
   */
  async decodeNormal(image: InspectedImage, decoder: string): Promise<InspectedImage> {
    const result = await this.#ask({ type: 'normal', image, decoder });
    if (result.type !== 'picture') throw new Error('The child answered something else.');
    const { width, height, data } = result;
    return { width, height, data };
  }

  #ask(asked: Asked): Promise<Result> {
    if (this.#lost !== null)
      return Promise.reject(new LostRequest(this.#lost.cause, this.#lost.reason, false));
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...asked, isSent: false, resolve, reject });
      this.#sendNext();
    });
  }

  #sendNext(): void {
    while (this.#sent.size < SENT_AT_ONCE) {
      const waiting = this.#queue.shift();
      if (waiting === undefined) return;
      const { type, image, ignore = 0, decoder = '' } = waiting;
      const { width, height, data } = image;
      const id = this.#nextId++;
      this.#sent.set(id, waiting);
      if (this.#sent.size === 1) this.#startDeadline();
      const request: InspectRequest = { type, id, width, height, data, ignore, decoder };
      writeRequest(this.#requests, request, (error) => {
        waiting.isSent = !error;
      });
    }
  }

  #startDeadline(): void {
    const { runMs } = this.#limits;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(
      () => this.#lose('overdue', `an image took longer than ${runMs / 1000} s`),
      runMs,
    );
  }

  async stop(): Promise<void> {
    if (hasEnded(this.#child)) return;
    const exited = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_GRACE_MS);
    await exited;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #settle(message: HostMessage): void {
    if (message.type === 'ready' || message.type === 'failed') return;
    const waiting = this.#sent.get(message.id);
    if (waiting === undefined) return;
    this.#sent.delete(message.id);
    clearTimeout(this.#deadline);
    if (this.#sent.size > 0) this.#startDeadline();
    this.#sendNext();
    if (message.type === 'error') waiting.reject(new Error(message.message));
    else waiting.resolve(message);
  }

  /** Of the images that it had, the one it was computing may be to blame. */
  #lose(cause: LossCause, reason: string): void {
    if (this.#lost !== null) return;
    this.#lost = { cause, reason };
    clearTimeout(this.#deadline);
    this.#child.kill('SIGKILL');
    // Nothing reads the pixels any more: whoever has them may give their memory back.
    this.#requests.destroy();
    const [computed, ...others] = [...this.#sent.values(), ...this.#queue];
    computed?.reject(new LostRequest(cause, reason, computed.isSent));
    for (const waiting of others) waiting.reject(new LostRequest(cause, reason, false));
    this.#sent.clear();
    this.#queue.length = 0;
  }
}

function requestsOf({ stdio }: ChildProcess): Writable {
  const pipe = [...stdio][REQUESTS_FD];
  if (pipe instanceof Writable) return pipe;
  throw new Error('The child has no pipe for requests.');
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

export function endOf(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `it ended with code ${code}` : `it was killed by ${signal}`;
}
