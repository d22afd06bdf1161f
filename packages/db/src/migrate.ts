/**
 * @file Applies Prisma's migrations without Prisma's engine, writing the same `_prisma_migrations` table, so that
 * `prisma migrate deploy` agrees with it; then the queue's own migrations.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { DomainError } from '@plumbline/contracts';
import { runMigrations } from 'graphile-worker';
import type pg from 'pg';
import { withConnection } from './connection.ts';
import { requireGeneratedClient } from './generated-client.ts';

const FOLDER = new URL('../prisma/migrations/', import.meta.url);
/** The advisory lock that Prisma's engine takes for the same purpose. */
const LOCK = 72707369;

const TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL, checksum varchar(64) NOT NULL, finished_at timestamptz,
  migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count integer NOT NULL DEFAULT 0)`;

/**
 * @returns Names of the migrations that were applied now.
 * @throws DomainError UNAVAILABLE, before anything is changed, when this checkout's client is of another schema.
 */
export async function migrateDatabase(url: string): Promise<string[]> {
  await requireGeneratedClient();
  return withConnection(url, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(TABLE);
    const applied = await applyMissing(client);
    await runMigrations({ connectionString: url });
    return applied;
  });
}

async function applyMissing(client: pg.Client): Promise<string[]> {
  const rows = await client.query<{
    migration_name: string;
    checksum: string;
    finished_at: Date | null;
  }>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  const known = new Map(rows.rows.map((row) => [row.migration_name, row]));
  const applied: string[] = [];
  const entries = await readdir(FOLDER, { withFileTypes: true });
  for (const name of entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()) {
    const sql = await readFile(new URL(`${name}/migration.sql`, FOLDER), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');
    const row = known.get(name);
    if (row !== undefined && row.finished_at !== null && row.checksum === checksum) continue;
    if (row !== undefined) {
      throw new DomainError(
        'UNAVAILABLE',
        `The database has migration ${name}, but ${row.finished_at === null ? 'unfinished' : 'another text of it'}.`,
        {
          fix: 'Restore the database from a backup, or use the version of Plumbline that made it.',
        },
      );
    }
    await applyOne(client, name, sql, checksum);
    applied.push(name);
  }
  return applied;
}

async function applyOne(
  client: pg.Client,
  name: string,
  sql: string,
  checksum: string,
): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      'INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count) VALUES ($1, $2, now(), $3, now(), 1)',
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
