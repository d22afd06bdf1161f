/** @file `plumb up`, `down`, `status`, `doctor`. */
import { access, constants, statfs } from 'node:fs/promises';
import { arch, availableParallelism, freemem, platform, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { PlatformRecord, SystemStatus } from '@plumbline/contracts';
import { findPlatform, resolveHome, startPlatform, stopPlatform } from '@plumbline/platform';
import type { Command } from 'commander';
import { clientFor } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { megabytes, type Output, table } from './output.ts';

export function addPlatformCommands(program: Command): void {
  withAction(
    program
      .command('up')
      .description('start the platform: database, API, trainer, dashboard')
      .option('--no-web', 'without the dashboard'),
    up,
  );
  withAction(
    program.command('down').description('stop the platform; everything acknowledged is kept'),
    down,
  );
  withAction(program.command('status').description('show what is running'), status);
  withAction(
    program.command('doctor').description('check what this machine has and say what would mend it'),
    doctor,
  );
}

function describePlatform(record: Omit<PlatformRecord, 'databaseUrl'>): string {
  return [
    `Dashboard  ${record.webUrl ?? 'not started (--no-web)'}`,
    `API        ${record.apiUrl}`,
    `API docs   ${record.apiUrl}/docs`,
  ].join('\n');
}

/** The database address holds a password and is nobody's business. */
function shown({
  pid,
  apiUrl,
  webUrl,
  startedAt,
}: PlatformRecord): Omit<PlatformRecord, 'databaseUrl'> {
  return { pid, apiUrl, webUrl, startedAt };
}

async function up(output: Output, options: JsonOption & { web: boolean }): Promise<void> {
  const home = resolveHome();
  const running = await findPlatform(home);
  if (running === null) output.progress(`Starting the platform in ${home.root} …`);
  const record = running ?? (await startPlatform({ home, web: options.web }));
  output.result(shown(record), describePlatform);
}

async function down(output: Output): Promise<void> {
  const stopped = await stopPlatform(resolveHome());
  output.result({ stopped: stopped !== null }, (result) =>
    result.stopped ? 'Stopped.' : 'Nothing was running.',
  );
}

async function status(output: Output): Promise<void> {
  const home = resolveHome();
  const record = await findPlatform(home);
  const system = record === null ? null : await clientFor(record.apiUrl).system.status.query();
  output.result(
    {
      running: record !== null,
      home: home.root,
      platform: record === null ? null : shown(record),
      system,
    },
    (result) =>
      result.platform === null || result.system === null
        ? `Not running (home ${result.home}). Start it with "plumb up".`
        : `${describePlatform(result.platform)}\n${describeSystem(result.system)}`,
  );
}

function describeSystem(system: SystemStatus): string {
  return [
    `Version    ${system.version}, code ${system.codeVersion}`,
    `Hardware   ${system.hardware}`,
    `Trainers   ${system.trainers.filter((trainer) => trainer.alive).length} alive`,
    `Runs       ${system.runningRuns} running, ${system.queuedRuns} waiting`,
    `Holds      ${system.datasets} datasets, ${system.models} models`,
  ].join('\n');
}

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
  /** What would mend it; null when there is nothing to mend. */
  readonly mend: string | null;
}

const ENOUGH_MEMORY = 4e9;
const ENOUGH_DISK = 5e9;

async function doctor(output: Output): Promise<void> {
  const findings = await Promise.all([
    checkNode(),
    checkMemory(),
    checkDisk(),
    checkDatabase(),
    checkProcessors(),
  ]);
  output.result({ ok: findings.every((finding) => finding.ok), findings }, (result) =>
    table(
      ['check', 'state', 'found', 'to mend it'],
      result.findings.map((finding) => [
        finding.check,
        finding.ok ? 'ok' : 'wanting',
        finding.found,
        finding.mend ?? '',
      ]),
    ),
  );
  if (findings.some((finding) => !finding.ok)) process.exitCode = 1;
}

async function checkNode(): Promise<Finding> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > 20 || (major === 20 && minor >= 20);
  return {
    check: 'Node',
    ok,
    found: `${process.versions.node} on ${platform()} ${arch()}`,
    mend: ok ? null : 'Install Node 20.20 or later.',
  };
}

async function checkProcessors(): Promise<Finding> {
  return {
    check: 'execution',
    ok: true,
    found: `cpu, ${availableParallelism()} threads`,
    mend: null,
  };
}

async function checkMemory(): Promise<Finding> {
  const ok = totalmem() >= ENOUGH_MEMORY;
  const found = `${megabytes(freemem())} free of ${megabytes(totalmem())}`;
  return {
    check: 'memory',
    ok,
    found,
    mend: ok ? null : 'Training wants 4 GB; use the preset "tiny" or a larger machine.',
  };
}

async function checkDisk(): Promise<Finding> {
  const home = resolveHome().root;
  let folder = home;
  while (
    !(await access(folder, constants.F_OK).then(
      () => true,
      () => false,
    ))
  )
    folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  return {
    check: 'disk',
    ok: free >= ENOUGH_DISK,
    found: `${megabytes(free)} free at ${home}`,
    mend: free >= ENOUGH_DISK ? null : 'Free some space, or set PLUMBLINE_HOME to another disk.',
  };
}

async function checkDatabase(): Promise<Finding> {
  const record = await findPlatform(resolveHome());
  if (record === null)
    return { check: 'platform', ok: true, found: 'not running', mend: 'Start it with "plumb up".' };
  const answer = await fetch(`${record.apiUrl}/healthz`).catch(() => null);
  const ok = answer?.ok === true;
  return {
    check: 'platform',
    ok,
    found: ok ? `answers at ${record.apiUrl}` : 'does not answer',
    mend: ok ? null : 'Run "plumb down", then "plumb up".',
  };
}
