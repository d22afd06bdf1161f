/**
 * @file The API process. It says where it listens, on one line of stdout and to a parent with an IPC channel, and ends
 * by SIGTERM, SIGINT or when that parent goes.
 */
import './heap-growth.ts';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { DomainError, platformHome } from '@plumbline/contracts';
import { openStores } from '@plumbline/data';
import { type Database, openDatabase } from '@plumbline/db';
import { assertSafeToListen, needsKey } from './access/api-key.ts';
import { createServer } from './create-server.ts';
import { type ApiEnv, readEnv } from './env.ts';
import type { InferencePoolOptions } from './inference/inference-pool.ts';
import { defaultSpread } from './inference/spread-hosts.ts';

/** After this long whatever still runs is left to the operating system. */
const CLOSE_LIMIT_MS = 5_000;

async function start(env: ApiEnv): Promise<void> {
  const home = platformHome(env.homeDirectory);
  const database = await openDatabase(env.databaseUrl);
  assertSafeToListen(env, await hasAdmin(database));
  const stores = openStores(home, env.store);
  await database.store.claim(stores.place);
  const server = await createServer({
    database,
    home,
    stores,
    apiKey: env.apiKey,
    needsKey: needsKey(env),
    allowedHosts: env.allowedHosts,
    codeVersion: env.codeVersion,
    importRoots: env.importRoots,
    s3: env.s3,
    backboneMirror: env.backboneMirror,
    inference: inferenceOptions(env),
    ...(env.inspectionDays === null ? {} : { inspectionDays: env.inspectionDays }),
    ...(env.rateLimit === null ? {} : { rateLimit: env.rateLimit }),
    ...(env.batchDays === null ? {} : { batchDays: env.batchDays }),
    ...(env.auditDays === null ? {} : { auditDays: env.auditDays }),
    ...(env.maxPixels === null ? {} : { maxPixels: env.maxPixels }),
    drift: {
      ...(env.driftInspections === null ? {} : { inspections: env.driftInspections }),
      ...(env.driftDays === null ? {} : { days: env.driftDays }),
    },
    hasWebhook: env.hasWebhook,
    // stdout is for the line that says where it listens.
    logger: { level: env.logLevel, stream: process.stderr },
  });
  closeOnce(async () => {
    await server.close();
    await database.close();
  });
  await server.app.listen({ host: env.host, port: env.port });
  await server.startBatches();
  const url = urlOf(server.app.server.address() as AddressInfo);
  const message = { type: 'listening', url };
  process.stdout.write(`${JSON.stringify(message)}\n`);
  process.send?.(message);
}

async function hasAdmin({ users, apiKeys }: Database): Promise<boolean> {
  return (await users.hasAdmin()) || (await apiKeys.hasAdmin());
}

function inferenceOptions({
  inferenceProcesses,
  imageTimeoutMs,
  threads,
}: ApiEnv): InferencePoolOptions {
  return {
    capacity: inferenceProcesses ?? undefined,
    threads: threads ?? undefined,
    spread: defaultSpread(threads ?? availableParallelism()),
    limits: imageTimeoutMs === null ? {} : { runMs: imageTimeoutMs },
  };
}

/** An address to connect to: a wildcard is only one to listen on. */
function urlOf({ address, family, port }: AddressInfo): string {
  if (address === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (address === '::') return `http://[::1]:${port}`;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function closeOnce(close: () => Promise<void>): void {
  let closing = false;
  const end = () => {
    if (closing) return;
    closing = true;
    setTimeout(() => process.exit(1), CLOSE_LIMIT_MS).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.once('disconnect', end);
}

function fail(error: unknown): never {
  const text =
    error instanceof DomainError
      ? [error.message, error.fix].filter((line) => line !== null).join('\n')
      : String(error instanceof Error ? error.stack : error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}

try {
  await start(readEnv());
} catch (error) {
  fail(error);
}
