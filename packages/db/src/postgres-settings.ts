/** @file Password and port of an embedded PostgreSQL, kept beside its data directory for its owner alone. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@plumbline/contracts';
import { z } from 'zod';
import { withConnection } from './connection.ts';
import { isServed, readLock } from './postgres-processes.ts';

/** The processes of a killed server hold its port for a moment; whoever knows its URL wants the same one again. */
const PORT_WAIT_MS = 5_000;

const settingsSchema = z.object({ password: z.string(), port: z.number().int() });
export type PostgresSettings = z.infer<typeof settingsSchema>;

export function databaseUrl(settings: PostgresSettings, database: string): string {
  return `postgresql://plumbline:${settings.password}@127.0.0.1:${settings.port}/${database}`;
}

/**
 * @param isInitialized Whether the data directory has a password already.
 * @throws DomainError UNAVAILABLE when it has one and the file that says which is gone.
 */
export async function loadSettings(
  dataDirectory: string,
  isInitialized: boolean,
): Promise<PostgresSettings> {
  const file = `${dataDirectory}.json`;
  const known = await readSettings(file);
  if (known === null && isInitialized) {
    throw new DomainError(
      'UNAVAILABLE',
      `${file}, with the password of the database, is missing.`,
      {
        fix: 'Restore that file from a backup, or move the data directory away to start over.',
      },
    );
  }
  if (known === null)
    return saveSettings(file, {
      password: randomBytes(24).toString('hex'),
      port: await freePort(),
    });
  const served = await servedPort(dataDirectory);
  if (served !== null) {
    return served === known.port ? known : saveSettings(file, { ...known, port: served });
  }
  const deadline = Date.now() + PORT_WAIT_MS;
  do {
    if (await isFree(known.port)) return known;
    // It has this password and serves another directory: the home that this one was copied from is up.
    if (await answers(databaseUrl(known, 'postgres'))) break;
    await sleep(200);
  } while (Date.now() < deadline);
  return saveSettings(file, { ...known, port: await freePort() });
}

/** Where the server of this data directory listens; null when none runs. */
async function servedPort(dataDirectory: string): Promise<number | null> {
  const lock = await readLock(dataDirectory);
  if (lock === null || !(lock.port > 0) || !(await isServed(dataDirectory))) return null;
  return lock.port;
}

/** Whether a server takes connections with this URL's password. */
export async function answers(url: string): Promise<boolean> {
  return withConnection(url, async () => true, 2_000).catch(() => false);
}

async function readSettings(file: string): Promise<PostgresSettings | null> {
  try {
    return settingsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
}

async function saveSettings(file: string, settings: PostgresSettings): Promise<PostgresSettings> {
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, JSON.stringify(settings), { mode: 0o600 });
  await rename(partial, file);
  return settings;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
