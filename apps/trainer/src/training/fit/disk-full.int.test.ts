import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { folderCheckpoints } from '../testing/folder-checkpoints.ts';
import { MADE_UP_DATA } from '../testing/made-up-fit.ts';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-full-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// A limit on the size of files stands for a full disk: the write fails in the middle just the same.
it.skipIf(process.platform === 'win32')(
  'a disk that fills up while a checkpoint is saved leaves the one before it (skipped on Windows: no ulimit)',
  async () => {
    const path = join(folder, 'checkpoint');
    const script = fileURLToPath(new URL('../testing/save-child.ts', import.meta.url));
    const tsx = import.meta.resolve('tsx');
    const { stdout } = await promisify(execFile)(
      'bash',
      ['-c', 'ulimit -f 2000; exec "$@"', 'bash', process.execPath, '--import', tsx, script, path],
      { env: { ...process.env, TSX_DISABLE_CACHE: '1' } },
    );
    const error = JSON.parse(stdout);
    expect(error).toMatchObject({
      code: 'UNAVAILABLE',
      fix: expect.stringMatching(/Free some space/),
    });
    expect(error.message).toMatch(/12 MB/);
    expect(readdirSync(folder)).toEqual(['checkpoint.1']);
    expect((await folderCheckpoints(path, { attempt: 1, data: MADE_UP_DATA }).load())?.step).toBe(
      1,
    );
  },
);
