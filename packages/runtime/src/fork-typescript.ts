/** @file Starts a TypeScript file as a child process with an IPC channel: tsx is loaded into it first. */
import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * @param entry File URL of the TypeScript entry.
 * @returns The child; it ends by itself when this process goes (its IPC channel closes). When it could not be started, it
 *   has no `pid` and emits `error`, never `exit`.
 */
export function forkTypeScript(
  entry: URL,
  args: readonly string[] = [],
  options: ForkOptions = {},
): ChildProcess {
  const child = fork(fileURLToPath(entry), [...args], {
    ...options,
    execArgv: ['--import', import.meta.resolve('tsx'), ...(options.execArgv ?? [])],
    serialization: 'advanced',
  });
  // Without any listener a fork that fails (EAGAIN, EMFILE) or a message to a dead child would end this process.
  child.on('error', () => {});
  return child;
}
