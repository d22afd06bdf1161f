/** @file Passwords as they are stored: scrypt (RFC 7914) with a salt of its own, off the event loop. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** N = 2^15, r = 8, p = 3, as OWASP has it: 32 MB and a quarter of a second for each guess, also for whoever has the database. */
const LOG_COST = 15;
const BLOCK = 8;
const PARALLEL = 3;
const BYTES = 32;

/** @returns `scrypt$15$<salt>$<hash>` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, LOG_COST);
  return ['scrypt', LOG_COST, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** @param stored null for nobody's password: that takes as long as a wrong one */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, cost = LOG_COST, salt = '', hash = ''] = stored?.split('$') ?? [];
  const derived = await derive(password, Buffer.from(salt, 'base64url'), Number(cost));
  const expected = Buffer.from(hash, 'base64url');
  return stored !== null && expected.length === BYTES && timingSafeEqual(derived, expected);
}

let computing: Promise<unknown> = Promise.resolve();

/** One at a time: images are decoded on the same threads. */
function derive(password: string, salt: Buffer, logCost: number): Promise<Buffer> {
  const derived = computing.then(() => compute(password, salt, logCost));
  computing = derived.catch(() => {});
  return derived;
}

function compute(password: string, salt: Buffer, logCost: number): Promise<Buffer> {
  const options: ScryptOptions = {
    N: 2 ** logCost,
    r: BLOCK,
    p: PARALLEL,
    maxmem: 2 ** (logCost + 11),
  };
  // One password, however it is typed.
  const text = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(text, salt, BYTES, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
