/**
 * @file The supervisor: brings up database, API, trainer and dashboard, keeps them up, takes them down. It announces
 * itself in the platform record once everything answers, and to its parent over IPC.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError, type PlatformHome, type PlatformRecord } from '@plumbline/contracts';
import { openStores } from '@plumbline/data/stores';
import { migrateDatabase, openDatabase, startEmbeddedPostgres } from '@plumbline/db';
import { codeVersion } from './code-version.ts';
import { requireDashboardBuild } from './dashboard-build.ts';
import {
  environmentWith,
  externalDatabaseUrl,
  fileThreads,
  listenAddress,
  mayBeReached,
  preferredPorts,
  resolveHome,
  storeSetting,
} from './env.ts';
import { type Entry, forkEntry, webFolder } from './fork-entry.ts';
import { freePort } from './free-port.ts';
import { ManagedProcess } from './managed-process.ts';
import { openPlatformLog } from './platform-log.ts';
import { findPlatform, removePlatformRecord, writePlatformRecord } from './platform-record.ts';
import { supervisePostgres } from './supervise-postgres.ts';
import { type Service, watchSources } from './watch-sources.ts';

const require = createRequire(import.meta.url);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const WEB_FOLDER = webFolder();
const READY_TIMEOUT_MS = 60_000;

/** What the supervisor tells its parent. */
export type SupervisorMessage =
  | { type: 'ready'; record: PlatformRecord }
  | { type: 'failed'; message: string };

const home = resolveHome();
const withWeb = !process.argv.includes('--no-web');
/** The dashboard reloads what is edited, API and trainer start anew, and all that they say is on the terminal. */
const development = process.argv.includes('--dev');
await mkdir(home.logs, { recursive: true });
const logFile = openPlatformLog(join(home.logs, 'platform.log'));
const log = (line: string): void => void logFile.write(`${new Date().toISOString()} ${line}\n`);

const processes = new Map<string, ManagedProcess>();
let stopDatabase: () => Promise<void> = async () => {};
let problem: string | null = null;
let recorded: PlatformRecord | null = null;
let stopping: Promise<void> | null = null;

function stop(): Promise<void> {
  stopping ??= (async () => {
    await Promise.all([...processes.values()].map((child) => child.stop()));
    await stopDatabase().catch((error: unknown) =>
      log(`Stopping PostgreSQL failed: ${String(error)}`),
    );
    await removePlatformRecord(home);
  })();
  return stopping;
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    void stop().then(() => process.exit(0));
  });
}

function announce(message: SupervisorMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

try {
  announce({ type: 'ready', record: await bringUp(home) });
} catch (error) {
  log(`Start failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  announce({ type: 'failed', message: sentencesOf(error) });
  await stop();
  process.exit(1);
}

async function bringUp(platform: PlatformHome): Promise<PlatformRecord> {
  const running = await findPlatform(platform);
  if (running !== null)
    throw new Error(`A platform runs from ${platform.root} already (process ${running.pid}).`);
  if (withWeb && !development) requireDashboardBuild(WEB_FOLDER);
  const databaseUrl = await openDatabaseServer(platform);
  await migrateDatabase(databaseUrl);
  await claimStore(platform, databaseUrl);
  await requireAdmin(databaseUrl);
  const ports = preferredPorts();
  const apiPort = await freePort(ports.api);
  const { host, urlHost } = listenAddress();
  const apiUrl = `http://${urlHost}:${apiPort}`;
  const shared = {
    PLUMBLINE_HOME: platform.root,
    DATABASE_URL: databaseUrl,
    PLUMBLINE_CODE_VERSION: codeVersion(),
  };
  manage('api', () =>
    forkService('@plumbline/api/server', {
      ...shared,
      PLUMBLINE_API_HOST: host,
      PLUMBLINE_API_PORT: String(apiPort),
    }),
  );
  manage('trainer', () => forkService('@plumbline/trainer/main', { ...shared, ...fileThreads() }));
  let webUrl: string | null = null;
  if (withWeb) {
    const webPort = await freePort(ports.web);
    webUrl = `http://${urlHost}:${webPort}`;
    manage('web', () => startWeb(webPort, apiUrl));
  }
  await untilAnswers(`${apiUrl}/healthz`);
  if (webUrl !== null) await untilAnswers(webUrl);
  recorded = {
    pid: process.pid,
    apiUrl,
    webUrl,
    databaseUrl,
    startedAt: new Date().toISOString(),
    ...(problem === null ? {} : { problem }),
  };
  await writePlatformRecord(platform, recorded);
  if (development) await watchSources({ root: ROOT, onChange: startAnew });
  return recorded;
}

function startAnew(service: Service, path: string): void {
  console.log(`${path} changed: restarting the ${service === 'api' ? 'API' : service}.`);
  void processes.get(service)?.restart();
}

function sentencesOf(error: unknown): string {
  if (error instanceof DomainError && error.fix !== null) return `${error.message} ${error.fix}`;
  return error instanceof Error ? error.message : String(error);
}

/** @throws DomainError CONFLICT when the database's images are in another home. */
async function claimStore(platform: PlatformHome, databaseUrl: string): Promise<void> {
  const { place } = openStores(platform, storeSetting());
  const database = await openDatabase(databaseUrl);
  try {
    await database.store.claim(place, externalDatabaseUrl() === null);
  } finally {
    await database.close();
  }
}

/** The API refuses as well, but nobody would see why. @throws DomainError INVALID_INPUT where others may reach a platform without an admin */
async function requireAdmin(databaseUrl: string): Promise<void> {
  if (!mayBeReached()) return;
  const database = await openDatabase(databaseUrl);
  try {
    if ((await database.users.hasAdmin()) || (await database.apiKeys.hasAdmin())) return;
  } finally {
    await database.close();
  }
  throw new DomainError(
    'INVALID_INPUT',
    'The platform would answer other machines (PLUMBLINE_HOST or PLUMBLINE_ALLOWED_HOSTS), but there is no admin.',
    {
      fix: 'Make one: plumb users create --email you@example.com --role admin. Or set PLUMBLINE_API_KEY (openssl rand -hex 32).',
    },
  );
}

/** For the log, and for whoever asks how the platform is. */
function giveUp(reason: string): void {
  problem = reason;
  log(`${reason} It is not started again: fix this, then "plumb down" and "plumb up".`);
  if (recorded !== null && stopping === null)
    void writePlatformRecord(home, { ...recorded, problem }).catch((error: unknown) =>
      log(`The record was not written: ${String(error)}`),
    );
}

async function openDatabaseServer(platform: PlatformHome): Promise<string> {
  const external = externalDatabaseUrl();
  if (external !== null) return external;
  const server = await startEmbeddedPostgres({
    dataDirectory: platform.database,
    logFile: join(platform.logs, 'postgres.log'),
  });
  const endSupervision = supervisePostgres({ server, log, onGiveUp: giveUp });
  stopDatabase = async () => {
    await endSupervision();
    await server.stop();
  };
  return server.url;
}

function manage(name: string, start: () => ChildProcess): void {
  const child = new ManagedProcess({
    name,
    log,
    start: () => {
      const started = start();
      for (const stream of [started.stdout, started.stderr]) {
        stream?.pipe(logFile, { end: false });
        if (development) stream?.pipe(process.stdout, { end: false });
      }
      return started;
    },
  });
  processes.set(name, child);
  child.start();
}

/** Children hang on an IPC channel: they end when the supervisor is gone, whatever ended it. */
function forkService(entry: Entry, env: Readonly<Record<string, string>>): ChildProcess {
  return forkEntry(entry, [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: environmentWith(env),
  });
}

/** The dashboard, under a small watcher that ends it when the supervisor is gone. */
function startWeb(port: number, apiUrl: string): ChildProcess {
  const next = require.resolve('next/dist/bin/next', { paths: [WEB_FOLDER] });
  const watcher = fileURLToPath(new URL('./end-with-parent.mjs', import.meta.url));
  const command = development ? 'dev' : 'start';
  return spawn(
    process.execPath,
    [watcher, next, command, '-H', listenAddress().host, '-p', String(port)],
    {
      cwd: WEB_FOLDER,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: environmentWith({
        PLUMBLINE_API_URL: apiUrl,
        NEXT_TELEMETRY_DISABLED: '1',
        NODE_ENV: development ? 'development' : 'production',
      }),
    },
  );
}

async function untilAnswers(url: string): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer !== null && answer.status < 500) return;
    if (Date.now() > deadline)
      throw new Error(
        `${url} did not answer within ${READY_TIMEOUT_MS / 1000} s; see ${join(home.logs, 'platform.log')}.`,
      );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
