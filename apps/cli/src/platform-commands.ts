/** @file `plumb up`, `down`, `status`. */
import { DomainError, type PlatformRecord, type SystemStatus } from '@plumbline/contracts';
import { findPlatform, resolveHome, startPlatform, stopPlatform } from '@plumbline/platform';
import type { Command } from 'commander';
import { clientFor, toDomainError } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import type { Output } from './output.ts';

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
  if (running?.problem !== undefined) {
    throw new DomainError('UNAVAILABLE', running.problem, {
      fix: 'Fix this, then run "plumb down" and "plumb up".',
    });
  }
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
  const { system, problem } = await askSystem(record);
  output.result(
    {
      running: record !== null,
      home: home.root,
      platform: record === null ? null : shown(record),
      system,
      problem,
    },
    (result) =>
      result.platform === null
        ? `Not running (home ${result.home}). Start it with "plumb up".`
        : [
            describePlatform(result.platform),
            ...(result.system === null ? [] : [describeSystem(result.system)]),
            ...(result.problem === null ? [] : [`Problem    ${result.problem}`]),
          ].join('\n'),
  );
}

/** A platform whose database is away runs all the same, and says so. */
async function askSystem(
  record: PlatformRecord | null,
): Promise<{ system: SystemStatus | null; problem: string | null }> {
  if (record === null) return { system: null, problem: null };
  const problem = record.problem ?? null;
  try {
    return { system: await clientFor(record.apiUrl).system.status.query(), problem };
  } catch (error) {
    const known = toDomainError(error);
    if (!(known instanceof DomainError) || known.code !== 'UNAVAILABLE') throw known;
    return { system: null, problem: problem ?? [known.message, known.fix].join(' ').trim() };
  }
}

function describeSystem(system: SystemStatus): string {
  return [
    `Version    ${system.version}, code ${system.codeVersion}`,
    `Hardware   ${system.hardware}`,
    `Trainers   ${system.trainers.filter((trainer) => trainer.alive).length} alive`,
    `Runs       ${system.runningRuns} running, ${system.queuedRuns} waiting`,
    `Holds      ${system.datasets} datasets, ${system.models} models`,
    ...(system.inspections.dropped === 0
      ? []
      : [
          `Inspections ${system.inspections.dropped} were not recorded: the database did not take them`,
        ]),
  ].join('\n');
}
