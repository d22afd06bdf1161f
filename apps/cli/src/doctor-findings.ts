/** @file The checks of `plumb doctor` that need nothing but this process. */
import { access, readdir, stat, statfs } from 'node:fs/promises';
import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { EMBEDDED_BACKBONES, type PlatformHome } from '@plumbline/contracts';
import { checkDatabase, type DatabaseCheck, findPlatform } from '@plumbline/platform';
import { megabytes } from './output.ts';

export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
  /** What would fix it; null when there is nothing to fix. */
  readonly fix: string | null;
}

const ENOUGH_MEMORY = 4e9;
const ENOUGH_DISK = 5e9;

export async function checkMachine(home: PlatformHome): Promise<Finding[]> {
  return Promise.all([
    checkNode(process.versions.node),
    checkProcessors(),
    checkMemory(),
    checkDisk(home),
    checkDatabase(home).then(databaseFinding),
    checkPlatform(home),
    checkBackbones(home),
  ]);
}

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 20);
  return {
    check: 'Node',
    ok,
    found: `${version} on ${platform()} ${arch()}`,
    fix: ok ? null : 'Install Node 20.20 or later.',
  };
}

function checkProcessors(): Finding {
  const model = cpus()[0]?.model.trim() || 'unknown processor';
  return {
    check: 'processors',
    ok: true,
    found: `${availableParallelism()} × ${model}`,
    fix: null,
  };
}

function checkMemory(): Finding {
  const ok = totalmem() >= ENOUGH_MEMORY;
  return {
    check: 'memory',
    ok,
    found: `${megabytes(freemem())} free of ${megabytes(totalmem())}`,
    fix: ok ? null : 'Training wants 4 GB; use the preset "tiny" or a larger machine.',
  };
}

async function checkDisk(home: PlatformHome): Promise<Finding> {
  let folder = home.root;
  while (!(await exists(folder))) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const ok = free >= ENOUGH_DISK;
  return {
    check: 'disk',
    ok,
    found: `${megabytes(free)} free at ${home.root}`,
    fix: ok ? null : 'Free some space, or set PLUMBLINE_HOME to another disk.',
  };
}

export function databaseFinding({ kind, reachable, exists: made }: DatabaseCheck): Finding {
  const name = kind === 'embedded' ? 'embedded PostgreSQL' : 'DATABASE_URL';
  if (reachable === null) {
    const found = made
      ? 'not running; it starts with the platform'
      : 'made at the first "plumb up"';
    return { check: 'database', ok: true, found: `${name}, ${found}`, fix: null };
  }
  const fix =
    kind === 'embedded'
      ? 'Run "plumb down", then "plumb up"; see postgres.log in the logs folder.'
      : 'Start that server, or correct the address and password in DATABASE_URL.';
  return {
    check: 'database',
    ok: reachable,
    found: `${name}, ${reachable ? 'takes connections' : 'can not be reached'}`,
    fix: reachable ? null : fix,
  };
}

async function checkPlatform(home: PlatformHome): Promise<Finding> {
  const record = await findPlatform(home);
  if (record === null)
    return { check: 'platform', ok: true, found: 'not running', fix: 'Start it with "plumb up".' };
  const answer = await fetch(`${record.apiUrl}/healthz`).catch(() => null);
  const ok = answer?.ok === true;
  return {
    check: 'platform',
    ok,
    found: ok ? `answers at ${record.apiUrl}` : 'does not answer',
    fix: ok ? null : 'Run "plumb down", then "plumb up".',
  };
}

/** That there is no file is no fault: some are embedded. */
async function checkBackbones(home: PlatformHome): Promise<Finding> {
  const folder = home.backbones;
  const names = (await readdir(folder).catch(() => [])).filter((name) =>
    /\.(safetensors|onnx)$/.test(name),
  );
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const files = names.length === 0 ? '' : ` and ${names.length} files (${megabytes(bytes)})`;
  return {
    check: 'backbones',
    ok: true,
    found: `${EMBEDDED_BACKBONES.join(', ')}, embedded${files}`,
    fix: null,
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
