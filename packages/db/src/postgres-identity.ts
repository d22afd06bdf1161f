/**
 * @file Who runs PostgreSQL's programs. They refuse root, so root hands them to the unprivileged uid 65534, in the way
 * that lets that user reach the data, the log and the programs without opening anybody's folders.
 */
import { execFile } from 'node:child_process';
import { access, chmod, cp, lchown, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { DomainError } from '@plumbline/contracts';

const run = promisify(execFile);
const UNPRIVILEGED = { uid: 65534, gid: 65534 };
const NAMESPACE = ['--user', `--map-user=${UNPRIVILEGED.uid}`, `--map-group=${UNPRIVILEGED.gid}`];
const CAPABILITY = [
  `--reuid=${UNPRIVILEGED.uid}`,
  `--regid=${UNPRIVILEGED.gid}`,
  '--clear-groups',
  '--inh-caps=+dac_override',
  '--ambient-caps=+dac_override',
];

/**
 * - `self`: an ordinary user runs them.
 * - `nobody`: root runs them as uid 65534, which owns the data.
 * - `namespace`: root whose folders nobody else may enter (a 0700 home). The programs see themselves as uid 65534 in a
 *   user namespace of their own, while the files stay root's.
 * - `capability`: the same where namespaces are forbidden (containers). The programs run as uid 65534, which owns the
 *   data, and may pass closed folders.
 */
export type Identity = 'self' | 'nobody' | 'namespace' | 'capability';

export interface Binaries {
  readonly initdb: string;
  readonly pg_ctl: string;
}

export interface Runner {
  readonly identity: Identity;
  readonly binaries: Binaries;
}

/**
 * @param folders Those that hold the data directory and the log.
 * @param wanted Identities to consider; all that fit when absent.
 * @throws DomainError UNAVAILABLE when root has no way to let PostgreSQL reach them.
 */
export async function chooseRunner(
  binaries: Binaries,
  folders: readonly string[],
  wanted: readonly Identity[] = ['nobody', 'namespace', 'capability'],
): Promise<Runner> {
  if (process.getuid?.() !== 0) return { identity: 'self', binaries };
  const closed = await firstClosed(folders);
  const canLoad = (await firstClosed([dirname(binaries.initdb)])) === null;
  if (wanted.includes('nobody') && closed === null && canLoad)
    return { identity: 'nobody', binaries };
  for (const identity of ['namespace', 'capability'] as const) {
    if (!wanted.includes(identity)) continue;
    // pg_ctl looks for its neighbors with a check that the capability does not pass.
    const usable = identity === 'namespace' || canLoad ? binaries : await copyOut(binaries);
    if (await works(identity, usable)) return { identity, binaries: usable };
  }
  if (wanted.includes('nobody') && closed === null)
    return { identity: 'nobody', binaries: await copyOut(binaries) };
  throw new DomainError(
    'UNAVAILABLE',
    `PostgreSQL can't enter ${closed ?? dirname(binaries.initdb)}: started by root it runs as the user nobody.`,
    {
      fix: 'Run Plumbline as an ordinary user, put its data elsewhere with PLUMBLINE_HOME, or set DATABASE_URL to a running PostgreSQL.',
    },
  );
}

/** Runs a program as that identity. Rejects with its output when it fails. */
export async function runAs(
  identity: Identity,
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<void> {
  if (identity === 'namespace') await run('unshare', [...NAMESPACE, program, ...args], { cwd });
  else if (identity === 'capability')
    await run('setpriv', [...CAPABILITY, program, ...args], { cwd });
  else await run(program, [...args], { cwd, ...(identity === 'nobody' ? UNPRIVILEGED : {}) });
}

/** Makes a file or folder, with all that is in it, belong to whom PostgreSQL will see as its owner. */
export async function adopt(path: string, identity: Identity): Promise<void> {
  if (identity === 'self') return;
  const { uid, gid } = identity === 'namespace' ? { uid: 0, gid: 0 } : UNPRIVILEGED;
  const found = await stat(path);
  if (found.uid === uid) return;
  // The top last: an interrupted round is then done again.
  if (found.isDirectory()) {
    const entries = await readdir(path, { recursive: true });
    for (const entry of entries) await lchown(join(path, entry), uid, gid);
  }
  await lchown(path, uid, gid);
}

async function works(identity: Identity, binaries: Binaries): Promise<boolean> {
  return runAs(identity, binaries.initdb, ['--version'], '/').then(
    () => true,
    () => false,
  );
}

/** The first folder, of these and all above them, that not everyone may enter. */
async function firstClosed(folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    for (let at = folder; ; at = dirname(at)) {
      if (((await stat(at)).mode & 0o001) === 0) return at;
      if (at === dirname(at)) break;
    }
  }
  return null;
}

/** Copies the programs (60 MB) out of a checkout that nobody else may enter. */
async function copyOut(binaries: Binaries): Promise<Binaries> {
  const native = dirname(dirname(binaries.initdb));
  const { mtimeMs, size } = await stat(binaries.initdb);
  const copy = join(tmpdir(), `plumbline-postgres-${Math.round(mtimeMs)}-${size}`);
  const known = await access(copy).then(
    () => true,
    () => false,
  );
  if (!known) {
    const partial = `${copy}.${process.pid}`;
    await cp(native, partial, { recursive: true, verbatimSymlinks: true });
    await chmod(partial, 0o755);
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  }
  if ((await stat(copy)).uid !== 0) {
    throw new DomainError('UNAVAILABLE', `${copy} belongs to another user, so it is not trusted.`, {
      fix: 'Remove that folder.',
    });
  }
  return { initdb: join(copy, 'bin', 'initdb'), pg_ctl: join(copy, 'bin', 'pg_ctl') };
}
