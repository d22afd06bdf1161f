import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import {
  type Attempt,
  isDatabaseAway,
  migrateDatabase,
  openDatabase,
  outlastDatabase,
  startQueueWorker,
  takeOverLostTrainers,
} from './index.ts';
import type { Identity } from './postgres-identity.ts';

const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';

let home: string;
let server: EmbeddedPostgres | null;

/** A 0700 folder, as a home folder is. */
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plumbline-closed-'));
  server = null;
});

afterEach(async () => {
  await server?.stop();
  await rm(home, { recursive: true, force: true });
});

async function start(identity?: Identity): Promise<EmbeddedPostgres> {
  server = await startEmbeddedPostgres({
    dataDirectory: join(home, 'postgres'),
    logFile: join(home, 'logs', 'postgres.log'),
    ...(identity === undefined ? {} : { identities: [identity] }),
  });
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function killServer(): Promise<void> {
  const [pid] = (await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  for (const one of [String(pid), ...children.trim().split(/\s+/)]) {
    try {
      process.kill(Number(one), 'SIGKILL');
    } catch {
      // It ended with its parent.
    }
  }
}

describe('embedded PostgreSQL', () => {
  it('starts under a closed folder, is joined, and keeps its settings from others', async () => {
    const first = await start();
    expect(await query(first.url, 'SELECT current_database() AS name')).toEqual([
      { name: 'plumbline' },
    ]);
    expect((await start()).url).toBe(first.url);
    expect((await stat(join(home, 'postgres.json'))).mode & 0o777).toBe(0o600);
    await expect(query(first.url.replace(/:[0-9a-f]+@/, ':wrong@'), 'SELECT 1')).rejects.toThrow(
      /password/,
    );
    await first.stop();
    await first.stop();
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow();
    expect((await start()).url).toBe(first.url);
  });

  it('keeps acknowledged rows when it is killed', async () => {
    const { url } = await start();
    await query(url, 'CREATE TABLE written (n int PRIMARY KEY)');
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    await client.connect();
    let acknowledged = 0;
    const writing = (async () => {
      for (;;) {
        await client.query('INSERT INTO written VALUES ($1)', [acknowledged + 1]);
        acknowledged++;
      }
    })().catch(() => {});
    await expect.poll(() => acknowledged, { timeout: 60_000 }).toBeGreaterThan(50);
    await killServer();
    await writing;
    await start();
    const rows = (await query(url, 'SELECT n FROM written ORDER BY n')) as { n: number }[];
    expect(rows.length).toBeGreaterThanOrEqual(acknowledged);
    expect(rows.slice(0, acknowledged).map(({ n }) => n)).toEqual(
      Array.from({ length: acknowledged }, (_, index) => index + 1),
    );
  });

  it('leaves open databases and queue workers usable after a restart', async () => {
    const { url } = await start();
    await migrateDatabase(url);
    const database = await openDatabase(url);
    /** Ends the jobs that were taken. */
    const finishers: (() => void)[] = [];
    const taken: Attempt[] = [];
    const worker = await startQueueWorker({
      url,
      trainerId: 'none',
      handlers: {
        train: async () => {},
        import: async (attempt) => {
          taken.push(attempt);
          await new Promise<void>((resolve) => {
            finishers.push(resolve);
          });
        },
      },
    });
    const create = (name: string) =>
      database.imports.create({ name, source: { kind: 'sample', seed: 0 } });
    const first = await create('first');
    await expect.poll(() => finishers.length, { timeout: 60_000 }).toBe(1);
    const error = { code: 'INTERNAL', message: 'x', fix: null, file: null, field: null } as const;
    await database.imports.fail(taken[0] as Attempt, error);
    await killServer();
    // The job ends while there is nobody to write it down.
    finishers[0]?.();
    await sleep(1_000);
    await start();
    const second = await create('second');
    await expect.poll(() => finishers.length, { timeout: 60_000 }).toBe(2);
    expect(taken.map(({ id }) => id)).toEqual([first.id, second.id]);
    finishers[1]?.();
    await database.imports.fail(taken[1] as Attempt, error);
    await expect
      .poll(() => query(url, 'SELECT key FROM graphile_worker.jobs'), { timeout: 60_000 })
      .toEqual([]);
    await worker.stop();
    await database.close();
  });

  it.runIf(isLinux)(
    'starts again at once when the server alone was killed, in mid-statement',
    async () => {
      const { url, isRunning, restart } = await start();
      const database = await openDatabase(url);
      const asking = Promise.allSettled(
        Array.from({ length: 4 }, () => query(url, 'SELECT pg_sleep(120)')),
      );
      const busy = () =>
        query(url, "SELECT pid FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(120)'");
      await expect.poll(async () => (await busy()).length, { timeout: 60_000 }).toBe(4);
      const lock = await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8');
      expect(await isRunning()).toBe(true);
      process.kill(Number(lock.split('\n')[0]), 'SIGKILL');
      await expect.poll(isRunning, { timeout: 60_000, interval: 20 }).toBe(false);
      await restart();
      await expect
        .poll(() =>
          database.ping().then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
      const lost = await asking;
      const reasons = lost.map((one) => (one.status === 'rejected' ? one.reason : null));
      expect(reasons.map((reason) => isDatabaseAway(reason))).toEqual([true, true, true, true]);
      await database.close();
    },
  );

  it('tells a database that is away from other failures, and outlasts it', async () => {
    const { url, stop } = await start();
    await migrateDatabase(url);
    const database = await openDatabase(url);
    const wrong = await query(url, 'SELECT nonsense').catch((error: unknown) => error);
    expect(isDatabaseAway(wrong)).toBe(false);
    const full = `DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$`;
    expect(isDatabaseAway(await query(url, full).catch((error: unknown) => error))).toBe(true);
    await stop();
    const calls = [
      () => database.ping(),
      () => database.runs.list(),
      () => database.imports.create({ name: 'any', source: { kind: 'sample', seed: 0 } }),
      () => database.trainers.heartbeat('none'),
      () => takeOverLostTrainers(url),
      () => migrateDatabase(url),
    ];
    for (const call of calls) {
      const error = await Promise.resolve(call()).catch((thrown: unknown) => thrown);
      expect(isDatabaseAway(error), String(error)).toBe(true);
    }
    const given = outlastDatabase(() => database.runs.list(), { limitMs: 0 });
    const said = await given.catch((thrown: unknown) => thrown);
    expect(isDatabaseAway(said)).toBe(true);
    expect(said).toMatchObject({ code: 'UNAVAILABLE', fix: expect.stringMatching(/logs/) });
    const listing = outlastDatabase(() => database.runs.list(), { limitMs: 60_000 });
    await start();
    expect(await listing).toEqual([]);
    await expect(
      outlastDatabase(async () => Promise.reject(wrong), { limitMs: 60_000 }),
    ).rejects.toBe(wrong);
    await database.close();
  });

  it('does not take the server of the home that it was copied from for its own', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE told (by text)');
    const copy = `${home}-copy`;
    try {
      // The lock file with a living server's process id, the port and the password come along.
      execFileSync('cp', ['-a', home, copy]);
      await using second = await startEmbeddedPostgres({
        dataDirectory: join(copy, 'postgres'),
        logFile: join(copy, 'logs', 'postgres.log'),
      });
      expect(second.url).not.toBe(first.url);
      await query(first.url, "INSERT INTO told VALUES ('first')");
      expect(await query(second.url, 'SELECT * FROM told')).toEqual([]);
      const directory = await query(second.url, 'SHOW data_directory');
      expect(directory).toEqual([{ data_directory: join(copy, 'postgres') }]);
      await second.stop();
      expect(await query(first.url, 'SELECT * FROM told')).toEqual([{ by: 'first' }]);
      expect(await first.isRunning()).toBe(true);
    } finally {
      await rm(copy, { recursive: true, force: true });
    }
  });

  it.runIf(isLinux)(
    'starts although the killed one’s process id is another program’s',
    async () => {
      const { url } = await start();
      await killServer();
      const lock = join(home, 'postgres', 'postmaster.pid');
      const lines = (await readFile(lock, 'utf8')).split('\n');
      await writeFile(lock, [process.pid, ...lines.slice(1)].join('\n'));
      expect((await start()).url).toBe(url);
      expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    },
  );

  it.runIf(isLinux && isRoot)('is run by root in every way, one after the other', async () => {
    await query((await start('namespace')).url, 'CREATE TABLE kept (n int)');
    for (const identity of ['capability', 'namespace', 'capability'] as const) {
      await server?.stop();
      const { url } = await start(identity);
      expect(await query(url, 'SELECT * FROM kept')).toEqual([]);
    }
    await server?.stop();
    await chmod(home, 0o755);
    expect(await query((await start('nobody')).url, 'SELECT * FROM kept')).toEqual([]);
    await server?.stop();
    server = null;
    await chmod(home, 0o700);
    await expect(start('nobody')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
