/**
 * @file Hears of what triggers notify a channel of, whichever process has done it. It also hears itself, so that a connection
 * that has fallen silent (a pooler without LISTEN, a cable) is noticed.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/**
 * `plumbline_models`: what changes the version that serves (a promotion, a threshold profile, a model that goes), with the model's
 * name. `plumbline_access`: a key that no longer counts as before.
 */
export type Channel = 'plumbline_models' | 'plumbline_access';

/** With the id of whoever listens to itself. */
const BEATS = 'plumbline_beats';
const BEAT_MS = 5_000;
/** To connect, and for a beat to come back. */
const ANSWER_MS = 5_000;
const RETRY_MS = 500;

export interface ChangeListener {
  onChange(what: string): void;
  /** From now on no change goes unheard; before, any may have. */
  onLive(): void;
}

export class Changes {
  readonly #url: string;
  readonly #channel: Channel;
  readonly #listener: ChangeListener;
  readonly #id = randomUUID();
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #isLive = false;

  constructor(url: string, channel: Channel, listener: ChangeListener) {
    this.#url = url;
    this.#channel = channel;
    this.#listener = listener;
    this.#ended = this.#run();
  }

  /** Whether every change is heard of: then what was read since is still true. */
  get isLive(): boolean {
    return this.#isLive;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      // Whatever went wrong: the next connection, in a moment, is the remedy.
      await this.#listen().catch(() => {});
      this.#isLive = false;
      await pause(RETRY_MS, signal);
    }
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
    });
    const over = new AbortController();
    const end = () => over.abort();
    client.on('error', end);
    client.on('end', end);
    this.#stopping.signal.addEventListener('abort', end, { once: true });
    let heardAt = 0;
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === this.#channel) this.#listener.onChange(payload);
      if (payload !== this.#id) return;
      heardAt = performance.now();
      if (this.#isLive) return;
      this.#isLive = true;
      this.#listener.onLive();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${this.#channel}; LISTEN ${BEATS}`);
      while (!over.signal.aborted) {
        const askedAt = performance.now();
        await client.query('SELECT pg_notify($1, $2)', [BEATS, this.#id]);
        await pause(BEAT_MS, over.signal);
        if (heardAt < askedAt) return;
      }
    } finally {
      this.#stopping.signal.removeEventListener('abort', end);
      await client.end().catch(() => {});
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal, ref: false }).catch(() => {});
}
