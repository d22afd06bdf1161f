/**
 * @file Further children of a version, for when several images come at once: each has a share of the threads, and together
 * they compute more than one child with all of them, which waits for its slowest thread at every node of the graph. A single
 * image is still computed by all threads, in the version's first child. Measured in docs/serving.md.
 */
import type { InferenceHost } from '@plumbline/runtime';

export interface SpreadOptions {
  /** How many; fewer than two are none. */
  readonly count: number;
  /** A child with its share of the threads. */
  start(): Promise<InferenceHost>;
  /** Whether there is memory for so many more. */
  hasRoom(more: number): boolean;
}

/** Each takes the memory of a whole child, so no more than these. */
const MOST = 4;

/** How many further children share so many threads. */
export function defaultSpread(threads: number): number {
  return threads < 2 ? 0 : Math.min(MOST, threads);
}

/** They end after this long without two images at once. */
const IDLE_MS = 60_000;
const RETRY_MS = 5_000;
const DRAIN_CHECK_MS = 50;

export class SpreadHosts {
  readonly #options: SpreadOptions;
  #hosts: InferenceHost[] = [];
  #starting: Promise<void> | null = null;
  #retryAt = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: SpreadOptions) {
    this.#options = options;
  }

  /** Children that are there or on their way. */
  get size(): number {
    return this.#starting === null ? this.#alive.length : this.#options.count;
  }

  get pids(): number[] {
    return this.#alive.map((host) => host.pid);
  }

  /**
   * @param active images of the version that are waited for, this one included
   * @returns The child with the least to do; null when this image is for the first child.
   */
  choose(active: number): InferenceHost | null {
    const { count } = this.#options;
    if (count < 2 || active < 2 || this.#isStopped) return null;
    this.#stayAWhile();
    const alive = this.#alive;
    if (alive.length < count) {
      this.#startMissing();
      return null;
    }
    return alive.reduce((least, host) => (host.load < least.load ? host : least));
  }

  /** Starts them before they are asked for, where there is room. They end as others do. */
  async prepare(): Promise<void> {
    this.#stayAWhile();
    this.#startMissing();
    await this.#starting;
  }

  /** Ends those that are there once their images are answered; they come back when they are needed. */
  async end(): Promise<void> {
    const leaving = this.#hosts;
    this.#hosts = [];
    await Promise.all(leaving.map(drain));
  }

  /** Ends them for good, with whatever they have. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#idleTimer);
    await this.#starting;
    await Promise.all(this.#hosts.map((host) => host.stop()));
  }

  get #alive(): InferenceHost[] {
    return this.#hosts.filter((host) => host.isAlive);
  }

  #stayAWhile(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.end(), IDLE_MS).unref();
  }

  #startMissing(): void {
    const { count, hasRoom } = this.#options;
    const missing = count < 2 ? 0 : count - this.#alive.length;
    const isTime = this.#starting === null && performance.now() >= this.#retryAt;
    if (missing === 0 || !isTime || this.#isStopped || !hasRoom(missing)) return;
    this.#hosts = this.#alive;
    this.#starting = this.#startInTurn(missing)
      .catch((error: unknown) => {
        this.#retryAt = performance.now() + RETRY_MS;
        console.error('A further inference process can’t be started:', error);
      })
      .finally(() => {
        this.#starting = null;
      });
  }

  /** Two at once would take the cores of those that answer meanwhile. */
  async #startInTurn(missing: number): Promise<void> {
    for (let started = 0; started < missing && !this.#isStopped; started += 1)
      this.#hosts.push(await this.#options.start());
  }
}

async function drain(host: InferenceHost): Promise<void> {
  while (host.load > 0) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS));
  }
  await host.stop();
}
