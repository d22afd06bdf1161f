/** @file `plumb models rerun`: repeats a version and says whether the numbers come again. */
import type { Reproduction } from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import type { Output } from './output.ts';
import { waitForRun } from './run-commands.ts';
import { versionNumber } from './version-number.ts';

/** @param models the command `plumb models` */
export function addRerunCommand(models: Command): void {
  withAction(
    models
      .command('rerun')
      .argument('<name>')
      .argument('<version>')
      .option('--wait', 'wait for the end; exit code 0 only if the numbers come out the same')
      .description(
        'repeat a version from its manifest and say whether the numbers come out the same',
      ),
    rerun,
  );
}

async function rerun(
  output: Output,
  name: string,
  version: string,
  options: JsonOption & { wait?: boolean },
): Promise<void> {
  const target = { name, version: versionNumber(version) };
  const connection = await connect(output);
  const run = await connection.api.leaderboards.rerun.mutate(target);
  if (options.wait === true) await waitForRun(connection, output, run.id);
  const result = await connection.api.leaderboards.reproduction.query({ ...target, run: run.id });
  output.result(result, describeReproduction);
  if (options.wait === true && result.status !== 'same') process.exitCode = 1;
}

function describeReproduction({ run, status, message, metrics }: Reproduction): string {
  const changed = metrics.map(
    ({ category, metric, before, after }) =>
      `  ${category ?? 'mean'} ${metric}: ${before ?? 'undefined'} before, ${after ?? 'undefined'} after`,
  );
  return [`Run ${run}: ${status}. ${message}`, ...changed].join('\n');
}
