/** @file Real databases for tests: one embedded PostgreSQL a test process, a fresh migrated database a call. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded-postgres.ts';
import { migrateDatabase } from '../migrate.ts';

export interface TestDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server of its own in a temporary folder; `stop` ends it and removes the folder. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-db-'));
  const server: EmbeddedPostgres = await startEmbeddedPostgres({
    dataDirectory: join(folder, 'postgres'),
    logFile: join(folder, 'postgres.log'),
  });
  const name = `test_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = server.url.replace(/\/\w+$/, `/${name}`);
  await migrateDatabase(url);
  return {
    url,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
