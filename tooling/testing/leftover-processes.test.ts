import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { findLeftovers, markProcess } from './leftover-processes.ts';

const SLEEP = 'setTimeout(() => {}, 60_000)';

const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
});

describe.runIf(process.platform === 'linux')('processes left behind', () => {
  it('are named with their command, until they have ended', async () => {
    const mark = markProcess();
    expect(await findLeftovers(mark, 0)).toEqual([]);
    const child = spawn(process.execPath, ['-e', SLEEP], { env: {}, stdio: 'ignore' });
    started.push(child.pid ?? 0);
    await once(child, 'spawn');
    const command = `${process.execPath} -e ${SLEEP}`;
    expect(await findLeftovers(mark, 0)).toMatchObject([{ pid: child.pid, command }]);
    child.kill('SIGKILL');
    expect(await findLeftovers(mark, 3_000)).toEqual([]);
  });

  it('are found when the process between has ended', async () => {
    const mark = markProcess();
    const pid = await spawnThroughAnother();
    expect(await findLeftovers(mark, 0)).toMatchObject([{ pid }]);
    process.kill(pid, 'SIGKILL');
    expect(await findLeftovers(mark, 3_000)).toEqual([]);
  });
});

/** @returns The process that a child started before it ended. */
async function spawnThroughAnother(): Promise<number> {
  const script = `const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(SLEEP)}],
    { detached: true, stdio: 'ignore' }); child.unref(); process.stdout.write(String(child.pid));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk));
  await once(child, 'close');
  started.push(Number(text));
  return Number(text);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
