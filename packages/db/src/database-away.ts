/**
 * @file Whether an error says that the database is away for now: it ended, starts, can't be reached, does not answer in
 * time or has no room to write. Whoever meets it tries again, or says 503.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError, isStoreAway } from '@plumbline/contracts';

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
 * Of PostgreSQL: connection exceptions (08), being shut down, crashed or not up yet (57P0x), out of disk (53100), memory
 * (53200) or connections (53300), a transaction ended for idling (25P03), a statement that took too long (57014).
 */
const SERVER = /^(08...|57P0[1-5]|53[123]00|25P03|57014)$/;
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
  // It says of its own connection what a database's says.
  if (isStoreAway(error)) return false;
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

interface Outlasting extends Patience {
  isAway(error: unknown): boolean;
  readonly pauseMs: number;
}

/** Does it again for as long as what it needs is away. @throws What it threw last, when it is away for longer or the signal is raised */
export async function outlast<Result>(
  work: () => Promise<Result>,
  { isAway, pauseMs, limitMs, signal }: Outlasting,
): Promise<Result> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isAway(error) || Date.now() > deadline || signal?.aborted) throw error;
      await sleep(pauseMs);
    }
  }
}

/**
 * Does it again for as long as the database is away. Only for work that may be done twice: of a statement whose answer
 * was lost nobody knows whether it was done.
 * @throws DomainError UNAVAILABLE when it is away for longer, or still is when the signal is raised
 */
export async function outlastDatabase<Result>(
  work: () => Promise<Result>,
  patience: Patience,
): Promise<Result> {
  try {
    return await outlast(work, { ...patience, isAway: isDatabaseAway, pauseMs: PAUSE_MS });
  } catch (error) {
    throw isDatabaseAway(error) ? databaseAway(error, patience.limitMs) : error;
  }
}

function databaseAway(cause: unknown, limitMs: number): DomainError {
  // The database client shows the call first and says what is wrong with it last.
  const reason = cause instanceof Error ? (cause.message.trim().split('\n').at(-1) ?? '') : '';
  return new DomainError(
    'UNAVAILABLE',
    `The database could not be used within ${limitMs / 1000} s: ${reason}`,
    {
      fix: 'Nothing that was acknowledged is lost. See logs/platform.log and logs/postgres.log in the home folder.',
      cause,
    },
  );
}
