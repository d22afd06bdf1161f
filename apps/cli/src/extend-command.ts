/** @file `plumb models extend`: adds images to a version, without fitting again. */
import { DomainError, type Run } from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import type { Output } from './output.ts';
import { cancelledRun, waitForRun } from './run-commands.ts';
import { versionNumber } from './version-number.ts';

/** @param models the command `plumb models` */
export function addExtendCommand(models: Command): void {
  withAction(
    models
      .command('extend')
      .argument('<name>')
      .argument('<version>', 'the version to go on from')
      .requiredOption('--from <dataset>', 'dataset whose normal training images are added')
      .option('--evaluate', 'also evaluate the new version on the test split; takes longer')
      .option('--wait', 'wait for the end; exit code 0 only if it succeeded')
      .description(
        'add normal images to a version of a method that keeps its images (retrieval), as a new version',
      ),
    extend,
  );
}

interface ExtendOptions extends JsonOption {
  readonly from: string;
  readonly evaluate?: boolean;
  readonly wait?: boolean;
}

async function extend(
  output: Output,
  name: string,
  version: string,
  { from, evaluate = false, wait }: ExtendOptions,
): Promise<void> {
  const asked = { name, version: versionNumber(version), from, evaluate };
  const connection = await connect(output);
  const started = await connection.api.models.extend.mutate(asked);
  const run = wait === true ? await waitForRun(connection, output, started.id) : started;
  output.result(run, describeExtension);
  if (run.error !== null) throw DomainError.fromBody(run.error);
  if (run.status === 'cancelled') throw cancelledRun(run.id);
}

function describeExtension({ id, status, model, modelVersion, message }: Run): string {
  if (modelVersion === null) return `Run ${id}: ${status}. ${message}`;
  return `Published ${model} version ${modelVersion}. To let it answer: plumb models promote ${model} ${modelVersion}`;
}
