/**
 * @file Limits how often one key or person asks, by a token bucket each: so many requests at once, and then so many per second. A
 * program that runs wild keeps nobody else from being answered. Programs on this machine that need no key are not limited.
 */
import { DomainError } from '@plumbline/contracts';
import type { FastifyReply } from 'fastify';
import type { Principal } from '../access/principal.ts';

/** 100 per second: several lines with a key in common; one that is this fast does well to have its own. */
const REQUESTS_PER_MINUTE = 6_000;
/** A bucket holds as many as come in this time: a page of thumbnails, or what waited while a network was away. */
const BURST_SECONDS = 20;
/** Full buckets are forgotten beyond that many. */
const MOST_KEPT = 10_000;

interface Bucket {
  tokens: number;
  at: number;
}

export class RateLimit {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param perMinute 0: nobody is limited */
  constructor(perMinute: number = REQUESTS_PER_MINUTE) {
    this.#perSecond = perMinute / 60;
    this.#burst = Math.max(1, Math.ceil(this.#perSecond * BURST_SECONDS));
  }

  /** @returns Seconds after which one more would be let in; 0: it is. @param now milliseconds */
  take(id: string, now: number = performance.now()): number {
    const known = this.#buckets.get(id) ?? { tokens: this.#burst, at: now };
    const gained = ((now - known.at) / 1_000) * this.#perSecond;
    const tokens = Math.min(this.#burst, known.tokens + gained);
    const isFree = tokens >= 1;
    // Refused ones take nothing: whoever keeps asking is let in as often as the limit says.
    this.#buckets.set(id, { tokens: isFree ? tokens - 1 : tokens, at: now });
    if (this.#buckets.size > MOST_KEPT) this.#forgetFull(now);
    return isFree ? 0 : (1 - tokens) / this.#perSecond;
  }

  /** @throws DomainError TOO_MANY, with `Retry-After` on the reply */
  admit({ kind, id, name }: Principal, reply: FastifyReply): void {
    if (kind === 'loopback' || this.#perSecond === 0) return;
    const seconds = this.take(id);
    if (seconds === 0) return;
    reply.header('retry-after', String(Math.ceil(seconds)));
    throw new DomainError(
      'TOO_MANY',
      `${name} has sent more than ${Math.round(this.#perSecond * 60)} requests per minute.`,
      {
        fix: 'Send fewer, or start the platform with a higher PLUMBLINE_RATE_LIMIT (requests per minute and key; 0: no limit).',
      },
    );
  }

  #forgetFull(now: number): void {
    const fullAfter = (this.#burst / this.#perSecond) * 1_000;
    for (const [id, { at }] of this.#buckets) if (now - at >= fullAfter) this.#buckets.delete(id);
  }
}
