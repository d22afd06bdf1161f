/** @file Starts the supervisor as a process of its own and waits until it is ready. */
import { fork } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DomainError, type PlatformHome, type PlatformRecord } from '@plumbline/contracts';
import { environmentWith } from './env.ts';
import type { SupervisorMessage } from './supervisor.ts';

export interface StartPlatformOptions {
  readonly home: PlatformHome;
  readonly web: boolean;
  /** Whatever the environment says about other machines. */
  readonly loopbackOnly?: boolean;
}

const LOOPBACK_ONLY = { PLUMBLINE_HOST: '127.0.0.1', PLUMBLINE_ALLOWED_HOSTS: '' };

/** Starts a detached platform that outlives this process. @throws DomainError UNAVAILABLE when it does not come up. */
export async function startPlatform(options: StartPlatformOptions): Promise<PlatformRecord> {
  const { home } = options;
  await mkdir(home.logs, { recursive: true });
  const output = openSync(join(home.logs, 'supervisor.log'), 'a');
  const child = fork(
    fileURLToPath(new URL('./supervisor.ts', import.meta.url)),
    options.web ? [] : ['--no-web'],
    {
      detached: true,
      stdio: ['ignore', output, output, 'ipc'],
      env: environmentWith({
        PLUMBLINE_HOME: home.root,
        ...(options.loopbackOnly === true ? LOOPBACK_ONLY : {}),
      }),
      execArgv: ['--import', import.meta.resolve('tsx')],
    },
  );
  const message = await new Promise<SupervisorMessage>((resolve) => {
    child.once('message', (received: SupervisorMessage) => resolve(received));
    child.on('error', (error) => resolve({ type: 'failed', message: error.message }));
    child.once('exit', (code) =>
      resolve({ type: 'failed', message: `the supervisor ended with code ${code}` }),
    );
  });
  if (child.connected) child.disconnect();
  child.unref();
  if (message.type === 'ready') return message.record;
  throw new DomainError('UNAVAILABLE', `The platform did not start: ${message.message}`, {
    fix: `See the logs in ${home.logs}, or run "plumb doctor".`,
  });
}
