/**
 * @file Whether an error says that the database is away for now: it ended, starts, can't be reached or does not answer
 * in time. Whoever meets it tries again, or says 503.
 */
import { setTimeout as sleep } from 'node:timers/promises';

/** Of Node's sockets. */
const SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/**
 * Of PostgreSQL: connection exceptions (08), being shut down, crashed or not up yet (57P0x), out of connections (53300),
 * a transaction ended for idling (25P03), a statement that took too long (57014).
 */
const SERVER = /^(08...|57P0[1-5]|53300|25P03|57014)$/;
/** Of Prisma: not reachable, timed out, closed, no connection free, a transaction lost or not begun, too many connections. */
const PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);
/** What Prisma's adapter calls them. */
const KINDS = new Set([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
]);
/** What `pg` throws without a code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error)/;
const DEPTH = 6;

export function isDatabaseAway(error: unknown, depth = DEPTH): boolean {
  if (typeof error !== 'object' || error === null || depth === 0) return false;
  const { code, originalCode, kind, message, cause, meta, errors } = error as Readonly<
    Record<string, unknown>
  >;
  if ([code, originalCode].some(isAwayCode)) return true;
  if (typeof kind === 'string' && KINDS.has(kind)) return true;
  if (typeof message === 'string' && MESSAGES.test(message)) return true;
  const inner = [cause, meta, ...(Array.isArray(errors) ? errors : [])];
  if (meta !== null && typeof meta === 'object' && 'driverAdapterError' in meta) {
    inner.push(meta.driverAdapterError);
  }
  return inner.some((one) => isDatabaseAway(one, depth - 1));
}

function isAwayCode(code: unknown): boolean {
  return typeof code === 'string' && (SOCKET.has(code) || SERVER.test(code) || PRISMA.has(code));
}

export interface Patience {
  /** How long the database may stay away, milliseconds. */
  readonly limitMs: number;
  readonly signal?: AbortSignal;
}

const PAUSE_MS = 500;

/**
 * Does it again for as long as the database is away. Only for work that may be done twice: of a statement whose answer
 * was lost nobody knows whether it was done.
 */
export async function outlastDatabase<Result>(
  work: () => Promise<Result>,
  { limitMs, signal }: Patience,
): Promise<Result> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isDatabaseAway(error) || Date.now() > deadline || signal?.aborted) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
