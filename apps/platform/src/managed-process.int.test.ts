/** @file A child of the supervisor that could not be started, and one that ended. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ManagedProcess } from './managed-process.ts';

test('a child that can not be started, or ends, is started again', async () => {
  const lines: string[] = [];
  const programs = [
    [join(import.meta.dirname, 'no-such-program')],
    [process.execPath, '-e', 'process.exit(3)'],
    [process.execPath, '-e', 'setInterval(() => {}, 1000)'],
  ];
  let starts = 0;
  const managed = new ManagedProcess({
    name: 'child',
    log: (line) => lines.push(line),
    start: () => {
      const [program = '', ...args] = programs[starts] ?? [];
      starts += 1;
      return spawn(program, args, { stdio: 'ignore' });
    },
  });
  managed.start();
  await expect.poll(() => starts, { timeout: 60_000 }).toBe(3);
  expect(lines[0]).toMatch(/^child could not be started \(.*ENOENT\); restarting it\.$/);
  expect(lines[1]).toBe('child ended (code 3); restarting it.');
  await managed.stop();
  expect(lines).toHaveLength(2);
});
