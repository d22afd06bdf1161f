/**
 * @file Real databases for tests: one embedded PostgreSQL a test process, a fresh migrated database a call. The server
 * runs while any of its databases is in use.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../embedded-postgres.ts';
import type { Attempt } from '../jobs/attempt.ts';
import { migrateDatabase } from '../migrate.ts';

export { runSql } from './run-sql.ts';

export interface TestDatabase {
  readonly url: string;
  /** Drops the database; the last one's also ends the server and removes its folder. */
  stop(): Promise<void>;
}

interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

const TEMPLATE = 'migrated';
let server: Promise<TestServer> | null = null;
let users = 0;

export async function createTestDatabase(): Promise<TestDatabase> {
  users++;
  server ??= startServer();
  const { url, stop } = await server;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await execute(url, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return {
    url: withDatabase(url, name),
    async stop() {
      users--;
      if (users > 0) return execute(url, `DROP DATABASE ${name} WITH (FORCE)`);
      server = null;
      await stop();
    },
  };
}

/** As the queue does it before it hands the job to a handler. */
export async function taken(
  rows: { take(id: string, trainerId: string): Promise<Attempt | null> },
  id: string,
  trainerId = 'test-trainer',
): Promise<Attempt> {
  const attempt = await rows.take(id, trainerId);
  if (attempt === null) throw new Error(`${id} has ended.`);
  return attempt;
}

/** Leaves a model without a promoted version, as 0.1 left those that nobody promoted. */
export async function forgetPromotion(url: string, model: string): Promise<void> {
  await execute(url, 'UPDATE "Model" SET "promotedVersion" = NULL WHERE name = $1', [model]);
}

/** Inspections can't be recorded any more, as when the disk of the database is full. */
export async function refuseInspections(url: string): Promise<void> {
  await execute(url, 'ALTER TABLE "Inspection" ADD CHECK (false) NOT VALID');
}

async function startServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-db-'));
  const started = await startEmbeddedPostgres({
    dataDirectory: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
  });
  await execute(started.url, `CREATE DATABASE ${TEMPLATE}`);
  await migrateDatabase(withDatabase(started.url, TEMPLATE));
  return {
    url: started.url,
    async stop() {
      await started.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function withDatabase(url: string, name: string): string {
  return url.replace(/\/\w+$/, `/${name}`);
}

async function execute(url: string, sql: string, values: readonly string[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql, [...values]);
  } finally {
    await client.end();
  }
}
