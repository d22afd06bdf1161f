/** @file A real file system of a few megabytes that a test fills and frees: a tmpfs, which Linux mounts for root alone. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  freeBytes(): number;
  /** Takes all that is left but so many bytes. */
  fill(leave?: number): void;
  /** Gives back what `fill` took. */
  free(): void;
  remove(): void;
}

/** Why tests that need one are skipped; null where they run. */
export const NO_SMALL_DISK = whyNot();

function whyNot(): string | null {
  if (process.platform !== 'linux') return 'a small disk is a tmpfs, which Linux alone has';
  try {
    mountSmallDisk(1e6).remove();
    return null;
  } catch {
    return 'mounting a tmpfs is not allowed here';
  }
}

export function mountSmallDisk(bytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-disk-'));
  const remove = () => {
    try {
      execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  const options = `size=${Math.ceil(bytes / 4096) * 4096}`;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'plumbline-test', folder], {
      stdio: 'ignore',
    });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  const ballast = join(folder, 'ballast');
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  };
  return {
    ...{ folder, freeBytes, remove },
    fill(leave = 0) {
      const file = openSync(ballast, 'a');
      const block = Buffer.alloc(1 << 20, 1);
      try {
        for (;;) {
          const size = Math.min(block.length, freeBytes() - leave);
          if (size <= 0) return;
          writeSync(file, block, 0, size);
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
  };
}
