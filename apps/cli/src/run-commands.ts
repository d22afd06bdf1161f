/** @file `plumb train` and `plumb runs list|show|cancel|resume|logs`. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DEFAULT_BACKBONE,
  DEFAULT_METHOD,
  DomainError,
  describeCoverage,
  describeEstimate,
  METHODS,
  PRECISIONS,
  PRESETS,
  type Run,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { type Connection, connect, toDomainError } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { addRunDeletion } from './delete-commands.ts';
import { duration, type Output, table } from './output.ts';
import { describeReport, reportRun, shortBackbone } from './run-report.ts';
import { addRunSuspects } from './run-suspects-command.ts';
import { settingsHelp } from './settings-help.ts';
import { readTrainingInput, type TrainingOptions } from './training-input.ts';

const POLL_MS = 500;
/** How long a platform may be silent, as while its database is started again, before waiting ends. */
const AWAY_MS = 120_000;

export function addRunCommands(program: Command): void {
  withAction(
    program
      .command('train')
      .description('train one model for all categories of a dataset')
      .requiredOption('--dataset <name>', 'dataset to train on')
      .option('--dataset-version <number>', 'number of its version (default: the latest)')
      .option('--method <name>', METHODS.join(', '), DEFAULT_METHOD)
      .option('--preset <name>', PRESETS.join(', '), 'quick')
      .option(
        '--set <key=value>',
        "a setting of the method in place of the preset's, repeatable; listed below",
        (pair: string, before: string[]) => [...before, pair],
        [],
      )
      .option(
        '--backbone <name or file>',
        '"standard", "compact", a name from "plumb backbones list", or an .onnx or .safetensors file',
        DEFAULT_BACKBONE,
      )
      .option('--taps <names>', 'feature taps of the backbone, separated by commas')
      .option('--precision <name>', `of the backbone: ${PRECISIONS.join(', ')} (default: float32)`)
      .option('--seed <number>', 'seed of all randomness', '0')
      .option('--model <name>', 'name of the model (default: <dataset>-<method>)')
      .option('--max-steps <number>', 'at most this many steps per feature level')
      .option('--decoder', 'also train a decoder, which shows what the model expects')
      .option('--estimate', 'say how long it would take, without starting it')
      .option('--wait', 'wait for the end; exit code 0 only if the run succeeded')
      .addHelpText('after', settingsHelp),
    train,
  );
  const runs = program.command('runs').description('look at training runs');
  withAction(
    runs.command('list').option('--dataset <name>').description('list the runs, newest first'),
    list,
  );
  withAction(runs.command('show').argument('<id>').description('show one run'), show);
  withAction(runs.command('cancel').argument('<id>').description('cancel a run'), cancel);
  withAction(
    runs
      .command('resume')
      .argument('<id>')
      .description('resume a failed or cancelled run from its checkpoint')
      .option('--wait', 'wait for the end; exit code 0 only if the run succeeded'),
    resume,
  );
  addRunSuspects(runs);
  addRunDeletion(runs);
  withAction(runs.command('logs').argument('<id>').description('print the log of a run'), logs);
}

interface TrainOptions extends JsonOption, TrainingOptions {
  readonly wait?: boolean;
  readonly estimate?: boolean;
}

async function train(output: Output, options: TrainOptions): Promise<void> {
  const input = readTrainingInput(options);
  const connection = await connect(output);
  const estimate = await connection.api.runs.estimate.mutate(input);
  if (options.estimate === true) {
    output.result(estimate, (found) =>
      `The run would take ${describeEstimate(found)}. ${describeCoverage(found.coverage)}`.trim(),
    );
    return;
  }
  output.note(`Takes ${describeEstimate(estimate)}. ${describeCoverage(estimate.coverage)}`.trim());
  const started = await connection.api.runs.start.mutate(input);
  const run = options.wait === true ? await waitForRun(connection, output, started.id) : started;
  await printRun(connection, output, run);
  if (run.status === 'failed' || run.status === 'cancelled') throw failureOf(run);
}

export function cancelledRun(id: string): DomainError {
  return new DomainError('CANCELLED', 'The run was cancelled.', {
    fix: `Resume it from where it was: plumb runs resume ${id}.`,
  });
}

function failureOf(run: Run): DomainError {
  return run.error === null ? cancelledRun(run.id) : DomainError.fromBody(run.error);
}

/** Follows a run to its end. */
export async function waitForRun(connection: Connection, output: Output, id: string): Promise<Run> {
  let answeredAt = Date.now();
  for (;;) {
    const run = await connection.api.runs.get.query({ id }).catch((error: unknown) => {
      if (!isAway(error) || Date.now() - answeredAt > AWAY_MS) throw error;
      return null;
    });
    if (run === null) {
      output.progress('The platform does not answer at the moment; the run continues.');
    } else {
      answeredAt = Date.now();
      if (run.status !== 'queued' && run.status !== 'running') return run;
      const left = run.etaSeconds === null ? '' : `, about ${duration(run.etaSeconds)} left`;
      output.progress(`${(run.progress * 100).toFixed(0)} %${left}: ${run.message}`);
    }
    await sleep(POLL_MS);
  }
}

function isAway(error: unknown): boolean {
  const known = toDomainError(error);
  return known instanceof DomainError && known.code === 'UNAVAILABLE';
}

async function list(output: Output, options: JsonOption & { dataset?: string }): Promise<void> {
  const { api } = await connect(output);
  const runs = await api.runs.list.query(
    options.dataset === undefined ? {} : { dataset: options.dataset },
  );
  output.result(runs, (found) =>
    found.length === 0
      ? 'No runs yet. Start one with "plumb train --dataset <name>".'
      : table(
          ['run', 'dataset', 'model', 'preset', 'backbone', 'seed', 'status', 'done'],
          found.map((run) => [
            run.id,
            run.dataset,
            run.model,
            run.preset,
            shortBackbone(run.backbone),
            run.seed,
            run.status,
            `${Math.round(run.progress * 100)} %`,
          ]),
        ),
  );
}

async function show(output: Output, id: string): Promise<void> {
  const connection = await connect(output);
  await printRun(connection, output, await connection.api.runs.get.query({ id }));
}

async function printRun({ api }: Connection, output: Output, run: Run): Promise<void> {
  output.result(await reportRun(api, run), describeReport);
}

async function cancel(output: Output, id: string): Promise<void> {
  const connection = await connect(output);
  await printRun(connection, output, await connection.api.runs.cancel.mutate({ id }));
}

async function resume(
  output: Output,
  id: string,
  options: JsonOption & { wait?: boolean },
): Promise<void> {
  const connection = await connect(output);
  const resumed = await connection.api.runs.resume.mutate({ id });
  const run = options.wait === true ? await waitForRun(connection, output, id) : resumed;
  await printRun(connection, output, run);
  if (run.status === 'failed' || run.status === 'cancelled') throw failureOf(run);
}

async function logs(output: Output, id: string): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.runs.logs.query({ id }), (lines) =>
    lines.map((line) => `${line.at} ${line.severity.padEnd(7)} ${line.text}`).join('\n'),
  );
}
