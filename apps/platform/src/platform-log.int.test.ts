import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'plumbline-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// A limit on the size of files stands for a full disk: the write fails in the middle just the same.
it.skipIf(process.platform === 'win32')(
  'a log without room ends nobody, and goes on when there is room (skipped on Windows: no ulimit)',
  async () => {
    const path = join(folder, 'platform.log');
    const script = fileURLToPath(new URL('./testing/log-child.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(
      'bash',
      [
        ...['-c', 'ulimit -f 64; exec "$@"', 'bash', process.execPath],
        ...['--import', import.meta.resolve('tsx'), script, path],
      ],
      { env: { ...process.env, TSX_DISABLE_CACHE: '1' } },
    );
    expect(stdout).toBe('alive');
    expect(readFileSync(path, 'utf8')).toMatch(
      /^\n\S+ The log had no room for \d{5,} bytes\.\nafter\n$/,
    );
  },
);
