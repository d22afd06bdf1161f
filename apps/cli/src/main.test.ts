import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('in a checkout that is not set up, plumb says how to do that', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumb-bare-'));
  try {
    const command = join(folder, 'plumb.mjs');
    await cp(new URL('../bin/plumb.mjs', import.meta.url), command);
    const { status, stderr } = spawnSync(process.execPath, [command, '--help'], {
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^Error: This checkout is not set up: .*\n.*"npm run setup"/);
    expect(status).toBe(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
