/** @file A graph that is loaded when it is first needed. */
import type { GraphSession } from '@plumbline/contracts';

export class LazySession {
  readonly #load: () => Promise<GraphSession>;
  #session: Promise<GraphSession> | null = null;

  constructor(load: () => Promise<GraphSession>) {
    this.#load = load;
  }

  get(): Promise<GraphSession> {
    this.#session ??= this.#load();
    return this.#session;
  }

  async release(): Promise<void> {
    const session = await this.#session?.catch(() => null);
    this.#session = null;
    await session?.release();
  }
}
