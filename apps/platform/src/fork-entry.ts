/** @file Programs of other workspaces, by the names that these export. */
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export type Entry =
  | '@plumbline/api/server'
  | '@plumbline/trainer/main'
  | '@plumbline/trainer/inspect-backbone'
  | '@plumbline/trainer/report-machine'
  | '@plumbline/trainer/install-tfjs-gpu';

export function forkEntry(
  entry: Entry,
  args: readonly string[],
  options: ForkOptions,
): ChildProcess {
  return fork(fileURLToPath(import.meta.resolve(entry)), args, {
    ...options,
    execArgv: ['--import', import.meta.resolve('tsx')],
  });
}

/** The folder of the dashboard, from which Next runs. */
export function webFolder(): string {
  return dirname(fileURLToPath(import.meta.resolve('@plumbline/web/package.json')));
}
