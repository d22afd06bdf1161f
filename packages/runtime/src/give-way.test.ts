import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';
import { giveWay, takePart } from './give-way.ts';

test('a process that gives way takes part again; one that could not never gives way', async () => {
  const child = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
  const { pid = 0 } = child;
  try {
    const before = getPriority(pid);
    expect(before).toBe(getPriority());
    giveWay(pid);
    expect([before, before + 5]).toContain(getPriority(pid));
    takePart(pid);
    expect(getPriority(pid)).toBe(before);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  // Of a process that has ended.
  giveWay(pid);
  takePart(pid);
});
