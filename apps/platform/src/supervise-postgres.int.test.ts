import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { databaseAnswers, type EmbeddedPostgres, startEmbeddedPostgres } from '@plumbline/db';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { supervisePostgres } from './supervise-postgres.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };

let home: string;
let server: EmbeddedPostgres;
let end: () => Promise<void>;
let lines: string[];
let givenUp: string[];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'plumbline-supervise-'));
  server = await startEmbeddedPostgres({
    dataDirectory: join(home, 'postgres'),
    logFile: join(home, 'postgres.log'),
    // The kernel reaps a killed server within a moment; the second test's is never to come up.
    startRetryMs: 1_000,
  });
  lines = [];
  givenUp = [];
});

afterEach(async () => {
  await end?.();
  await server?.stop();
  await rm(home, { recursive: true, force: true });
});

function supervise(delaysMs?: readonly number[]): void {
  end = supervisePostgres({
    server,
    log: (line) => lines.push(line),
    onGiveUp: (reason) => givenUp.push(reason),
    ...(delaysMs === undefined ? {} : { delaysMs }),
  });
}

async function postmaster(): Promise<number> {
  const text = await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(text.split('\n')[0]);
}

it('starts a killed server again at its address, each time, and leaves a stopped one alone', async () => {
  supervise();
  for (const round of [1, 2]) {
    const pid = await postmaster();
    process.kill(pid, 'SIGKILL');
    const said = () => lines.filter((line) => line === 'PostgreSQL answers again.').length;
    await expect.poll(said, PATIENCE).toBe(round);
    expect(await postmaster()).not.toBe(pid);
    expect(await databaseAnswers(server.url)).toBe(true);
  }
  await end();
  await server.stop();
  const { length } = lines;
  expect(await databaseAnswers(server.url)).toBe(false);
  expect(lines).toHaveLength(length);
  expect(givenUp).toEqual([]);
});

it('gives up after so many starts, and says why', async () => {
  await rename(join(home, 'postgres/global/pg_control'), join(home, 'pg_control'));
  supervise([0, 10]);
  process.kill(await postmaster(), 'SIGKILL');
  await expect.poll(() => givenUp.length, PATIENCE).toBe(1);
  expect(givenUp[0]).toMatch(
    /PostgreSQL ended, and 2 starts in a row did not keep it up: .*postgres\.log/,
  );
  expect(lines.filter((line) => /start \d of 2/.test(line))).toHaveLength(2);
});
