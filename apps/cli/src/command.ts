/** @file How a command runs: with its output, to an exit code that is 0 only on success. */
import type { Command } from 'commander';
import { toDomainError } from './api-client.ts';
import { createOutput, type Output, printError } from './output.ts';

export interface JsonOption {
  readonly json?: boolean;
}

/**
 * Adds `--json` and an action whose errors become words (or JSON) and exit code 1.
 * @param action Gets the command's arguments and, last, its options: as declared on the command.
 */
export function withAction<I extends unknown[]>(
  command: Command,
  action: (output: Output, ...input: I) => Promise<void>,
): Command {
  return command.option('--json', 'print the result as JSON').action(async (...args: unknown[]) => {
    const json = command.opts<JsonOption>().json === true;
    try {
      // Commander passes the arguments, the options, then the command itself.
      await action(createOutput(json), ...(args.slice(0, -1) as I));
    } catch (error) {
      printError(toDomainError(error), json);
      process.exitCode = 1;
    }
  });
}
