/** @file Starts a TypeScript file as a child process with an IPC channel: tsx is loaded into it first. */
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * @param entry File URL of the TypeScript entry.
 * @returns The child; it ends by itself when this process goes (its IPC channel closes).
 */
export function forkTypeScript(
  entry: URL,
  args: readonly string[] = [],
  options: ForkOptions = {},
): ChildProcess {
  return fork(fileURLToPath(entry), [...args], {
    ...options,
    execArgv: ['--import', import.meta.resolve('tsx'), ...(options.execArgv ?? [])],
    serialization: 'advanced',
  });
}
