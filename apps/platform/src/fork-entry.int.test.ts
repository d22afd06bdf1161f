import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forkEntry, webFolder } from './fork-entry.ts';

test('a program of another workspace is found by its exported name', async () => {
  // Without its settings it ends at once, and says which one it misses.
  const child = forkEntry('@plumbline/trainer/main', [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  const output: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code).toBe(1);
  expect(Buffer.concat(output).toString()).toContain('is not set; start the platform');
});

test('the folder of the dashboard is the one that Next runs in', () => {
  expect(existsSync(join(webFolder(), 'next.config.ts'))).toBe(true);
});
