/** @file How this package connects: every pool and client with limits in time, and none whose loss ends the process. */
import pg from 'pg';

/** For a connection, from the server or from a full pool. */
const CONNECT_MS = 10_000;
/** For one statement, by the server; the longest of ours take seconds. */
const STATEMENT_MS = 30_000;
/** The same by the client, for a server that has stopped to answer. */
const ANSWER_MS = STATEMENT_MS + 5_000;

/** Columns are timestamps without a zone, read as UTC: so `now()` must be, whatever the server's zone is. */
const UTC = "SET TIME ZONE 'UTC'";

export function openPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    // By a statement: poolers in between refuse what they don't know at the start of a connection.
    onConnect: async (client) =>
      void (await client.query(`SET statement_timeout = ${STATEMENT_MS}; ${UTC}`)),
  });
  // A server that ends takes its connections along. The pool drops them; who waits for an answer is told by the query.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** One connection for as long as `work` takes. */
export async function withConnection<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
  connectMs = CONNECT_MS,
): Promise<Result> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    keepAlive: true,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(UTC);
    return await work(client);
  } finally {
    // A connection that broke has nothing to end; the work has failed with the reason.
    await client.end().catch(() => {});
  }
}
