/** @file Runs another engine's benchmark beside ours, so that a ratio comes from one run on one machine. */
import { spawnSync } from 'node:child_process';

/**
 * Runs a command to its end and reads the last line of its stdout as JSON.
 * @param command Program and arguments, separated by spaces.
 * @param options Appended arguments.
 * @throws Error when it fails or prints something else.
 */
export function runOther(
  command: string,
  options: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  const [program = '', ...given] = command.split(/\s+/).filter((part) => part !== '');
  return runJson(program, [...given, ...options]);
}

/** As `runOther`, for a program and its arguments. */
export function runJson(
  program: string,
  argv: readonly string[],
): Readonly<Record<string, unknown>> {
  const { status, stdout, error } = spawnSync(program, argv, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const shown = [program, ...argv].join(' ');
  if (error !== undefined) throw new Error(`${shown} could not be started: ${error.message}`);
  if (status !== 0) throw new Error(`${shown} ended with ${status}.`);
  const line = stdout.trim().split('\n').at(-1) ?? '';
  const parsed: unknown = JSON.parse(line);
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`${shown} printed ${line}`);
  return parsed as Record<string, unknown>;
}

/** A number of what was printed. @throws Error when it is none. */
export function numberOf(values: Readonly<Record<string, unknown>>, name: string): number {
  const value = values[name];
  if (typeof value !== 'number') throw new Error(`${name} is ${String(value)}, not a number.`);
  return value;
}

/** Middle value; of an even number the upper one, as ../shared/bench does. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
