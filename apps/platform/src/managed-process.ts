/** @file A child of the supervisor: started again when it ends by itself, ended gently when asked. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface ManagedProcessOptions {
  readonly name: string;
  start(): ChildProcess;
  log(line: string): void;
}

const RESTART_AFTER_MS = 1_000;
const STOP_GRACE_MS = 10_000;

export class ManagedProcess {
  readonly #options: ManagedProcessOptions;
  #child: ChildProcess | null = null;
  #stopping = false;

  constructor(options: ManagedProcessOptions) {
    this.#options = options;
  }

  /** The process that runs now. */
  start(): ChildProcess {
    const child = this.#options.start();
    this.#child = child;
    child.on('exit', (code, signal) => this.#startAgain(`ended (${signal ?? `code ${code}`})`));
    child.on('error', (error) => {
      // EAGAIN, ENOMEM: one that could not be started never exits.
      if (child.pid === undefined) this.#startAgain(`could not be started (${error.message})`);
    });
    return child;
  }

  #startAgain(why: string): void {
    if (this.#stopping) return;
    this.#options.log(`${this.#options.name} ${why}; restarting it.`);
    setTimeout(() => {
      if (!this.#stopping) this.start();
    }, RESTART_AFTER_MS);
  }

  /** Ends it gently and starts it anew; one that is between two starts is left to its next. */
  async restart(): Promise<void> {
    const child = this.#child;
    if (this.#stopping || child?.exitCode !== null || child.signalCode !== null) return;
    // The child's end is expected here, not a fault to wait after.
    child.removeAllListeners('exit');
    await end(child);
    if (!this.#stopping) this.start();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child !== null) await end(this.#child);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS);
  await exited;
  clearTimeout(timer);
}
