/**
 * @file Whose a credential is: a key, or the session of somebody who signed in. They are found by their hash and kept in memory: a
 * request asks no database, and those that are known go on being answered while it is away. PostgreSQL notifies every API
 * process of one that no longer counts.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { API_KEY_PATTERN, SESSION_PATTERN } from '@plumbline/contracts';
import { type Changes, type Database, isDatabaseAway } from '@plumbline/db';
import { ENVIRONMENT, type Principal } from './principal.ts';

export interface CredentialsOptions {
  readonly database: Pick<Database, 'apiKeys' | 'sessions' | 'watch'>;
  /** `PLUMBLINE_API_KEY`, an admin's; null: there is none. */
  readonly apiKey: string | null;
}

interface Known {
  readonly principal: Principal;
  readonly expiresAt: Date | null;
}

/** What a secret looks like says where to look for it. */
type Kind = 'key' | 'user';

interface Entry {
  readonly kind: Kind;
  readonly known: Known;
  /** How many changes had been heard of when it was asked for. */
  readonly changes: number;
  readonly readAt: number;
}

const MOST_KEPT = 1_000;
const READ_AT_ONCE = 8;
/** While changes go unheard, what is older is asked for again. */
const UNHEARD_MS = 1_000;
/** Then a request waits this long to know better than what is known. */
const PATIENCE_MS = 300;
/** Writing down that a key was used costs a statement: not for each request. */
const USED_EVERY_MS = 60_000;

export class Credentials {
  readonly #database: CredentialsOptions['database'];
  readonly #apiKey: string | null;
  readonly #changes: Changes;
  /** By the hash of the secret, least recently used first. Only what exists: guesses push nobody out. */
  readonly #entries = new Map<string, Entry>();
  readonly #readings = new Map<string, Promise<Known | null>>();
  readonly #usedAt = new Map<string, number>();
  #heard = 0;
  #refreshing: Promise<void> | null = null;

  constructor({ database, apiKey }: CredentialsOptions) {
    this.#database = database;
    this.#apiKey = apiKey;
    this.#changes = database.watch('plumbline_access', {
      onChange: () => this.#hear(),
      onLive: () => this.#hear(),
    });
  }

  /** Null for a secret that is nobody's, or nobody's any more. */
  async identify(secret: string): Promise<Principal | null> {
    if (this.#apiKey !== null && isSame(secret, this.#apiKey)) return ENVIRONMENT;
    const kind = kindOf(secret);
    const known = kind === null ? null : await this.#find(kind, hashOfSecret(secret));
    if (known === null) return null;
    const { principal, expiresAt } = known;
    if (expiresAt !== null && expiresAt.getTime() <= Date.now()) return null;
    if (kind === 'key') this.#markUsed(principal.id);
    return principal;
  }

  /** After a change made here: what is known is asked for again before it counts. */
  changed(): void {
    this.#heard += 1;
  }

  async stop(): Promise<void> {
    await this.#changes.stop();
    await Promise.allSettled(this.#readings.values());
  }

  async #find(kind: Kind, hash: string): Promise<Known | null> {
    const entry = this.#entries.get(hash);
    if (entry === undefined) return this.#read(kind, hash);
    if (!this.#isOutdated(entry)) return entry.known;
    const reading = this.#read(kind, hash).catch((error: unknown) => {
      if (isDatabaseAway(error)) return entry.known;
      throw error;
    });
    // A change that was heard of may be the end of this very one: then only an answer will do.
    if (entry.changes !== this.#heard) return reading;
    const late = sleep(PATIENCE_MS, entry.known, { ref: false });
    return Promise.race([reading, late]);
  }

  #isOutdated({ changes, readAt }: Entry): boolean {
    if (changes !== this.#heard) return true;
    return !this.#changes.isLive && performance.now() - readAt > UNHEARD_MS;
  }

  /** Many requests at once ask once. */
  #read(kind: Kind, hash: string): Promise<Known | null> {
    const changes = this.#heard;
    const id = `${hash}/${changes}`;
    const under = this.#readings.get(id);
    if (under !== undefined) return under;
    const reading = this.#ask(kind, hash).then((known) => {
      this.#entries.delete(hash);
      if (known !== null) this.#keep(hash, { kind, known, changes, readAt: performance.now() });
      return known;
    });
    this.#readings.set(id, reading);
    const end = () => void this.#readings.delete(id);
    reading.then(end, end);
    return reading;
  }

  async #ask(kind: Kind, hash: string): Promise<Known | null> {
    const { apiKeys, sessions } = this.#database;
    if (kind === 'key') {
      const key = await apiKeys.find(hash);
      if (key === null) return null;
      const { id, role, name, expiresAt } = key;
      return { principal: { kind, role, name: `key "${name}"`, id }, expiresAt };
    }
    const session = await sessions.find(hash);
    if (session === null) return null;
    const { id, role, email } = session.user;
    return { principal: { kind, role, name: email, id }, expiresAt: session.expiresAt };
  }

  #keep(hash: string, entry: Entry): void {
    this.#entries.set(hash, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_KEPT && oldest !== undefined) this.#entries.delete(oldest);
  }

  /** Asks again at once, so that no request has to wait, nor the database to be there when one comes. */
  #hear(): void {
    this.#heard += 1;
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null;
    });
  }

  /** A few at a time, and from the beginning when something was heard meanwhile. */
  async #refresh(): Promise<void> {
    let isDone = false;
    while (!isDone) {
      const heard = this.#heard;
      const outdated = [...this.#entries].filter(([, { changes }]) => changes !== heard);
      for (let at = 0; at < outdated.length && heard === this.#heard; at += READ_AT_ONCE) {
        const some = outdated.slice(at, at + READ_AT_ONCE);
        await Promise.allSettled(some.map(([hash, { kind }]) => this.#read(kind, hash)));
      }
      isDone = heard === this.#heard;
    }
  }

  #markUsed(id: string): void {
    const now = performance.now();
    if (now - (this.#usedAt.get(id) ?? Number.NEGATIVE_INFINITY) < USED_EVERY_MS) return;
    this.#usedAt.set(id, now);
    // Nobody waits for it, and a database that is away misses nothing that matters.
    this.#database.apiKeys.markUsed(id).catch(() => {});
  }
}

function kindOf(secret: string): Kind | null {
  if (API_KEY_PATTERN.test(secret)) return 'key';
  return SESSION_PATTERN.test(secret) ? 'user' : null;
}

/** As the database has it, hexadecimal. The secret is random, so that a plain hash can't be searched. */
export function hashOfSecret(secret: string): string {
  return digest(secret).toString('hex');
}

/** Takes the same time for every guess. */
function isSame(sent: string, expected: string): boolean {
  return timingSafeEqual(digest(sent), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
