/**
 * @file A real S3 server for tests: `versitygw` of `PLUMBLINE_TEST_S3_SERVER` or the PATH, on a folder of its own
 * (`go install github.com/versity/versitygw/cmd/versitygw@v1.8.0`).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { S3Setting } from '@plumbline/contracts';

const PROGRAM = 'versitygw';
/** Also what the tests put into the environment. */
export const TEST_CREDENTIALS = {
  AWS_ACCESS_KEY_ID: 'plumbline',
  AWS_SECRET_ACCESS_KEY: 'plumbline-secret',
};

export interface S3Server {
  readonly setting: S3Setting;
  /** At once, as when the machine fails. */
  kill(): Promise<void>;
  /** Again, with what it has stored. */
  start(): Promise<void>;
}

/** Null where no server is installed: the test says that it is skipped. */
export function s3Program(): string | null {
  const named = process.env['PLUMBLINE_TEST_S3_SERVER'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, PROGRAM)).find(isProgram) ?? null;
}

/** @param folder For what it stores. */
export async function startS3Server(program: string, folder: string): Promise<S3Server> {
  const bucket = 'parts';
  await mkdir(join(folder, bucket), { recursive: true });
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  let server: ChildProcess | null = null;

  async function start(): Promise<void> {
    // An attribute of each file would need a disk that has them: a sidecar folder needs none.
    const sidecar = join(folder, '..', 'sidecar');
    await mkdir(sidecar, { recursive: true });
    server = spawn(
      program,
      ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', sidecar, folder],
      {
        stdio: 'ignore',
        env: {
          ...process.env,
          ROOT_ACCESS_KEY: TEST_CREDENTIALS.AWS_ACCESS_KEY_ID,
          ROOT_SECRET_KEY: TEST_CREDENTIALS.AWS_SECRET_ACCESS_KEY,
        },
      },
    );
    for (let tries = 0; tries < 200; tries++) {
      if (await fetch(endpoint).catch(() => null)) return;
      await sleep(50);
    }
    throw new Error(`${program} does not answer on ${endpoint}.`);
  }

  await start();
  return {
    setting: {
      ...({ kind: 's3', bucket, prefix: 'home/' } as const),
      ...{ endpoint, region: null, cacheBytes: 1e9 },
    },
    start,
    async kill() {
      if (server === null || server.exitCode !== null || server.signalCode !== null) return;
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    },
  };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
