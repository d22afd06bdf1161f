/** @file `plumb datasets suspects`: training images that may not belong, looked for before a training, and decided on. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DecideSuspects,
  DomainError,
  lookedThrough,
  lookedThroughWords,
  type ReviewedSuspect,
  type SuspectReview,
  type SuspectSearch,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { type Connection, connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { describeDataset } from './describe-dataset.ts';
import { type Output, table } from './output.ts';
import { addDecisionOptions, type DecisionOptions, decisionsOf } from './suspect-decisions.ts';
import { versionNumber } from './version-number.ts';
import { waitForImport } from './wait-for-import.ts';

const POLL_MS = 300;

export function addSuspectsCommand(datasets: Command): void {
  const command = datasets
    .command('suspects')
    .argument('<name>')
    .option('--dataset-version <number>', 'number of a version (default: the latest)')
    .option('--look', 'compare each normal training image with the others, and wait')
    .option('--cancel', 'stop a search that waits or goes on')
    .description('list the training images that may not belong, before anything is trained');
  withAction(addDecisionOptions(command), suspects);
}

interface SuspectsOptions extends JsonOption, DecisionOptions {
  readonly datasetVersion?: string;
  readonly look?: boolean;
  readonly cancel?: boolean;
}

async function suspects(output: Output, name: string, options: SuspectsOptions): Promise<void> {
  const { datasetVersion } = options;
  const asked = {
    name,
    ...(datasetVersion === undefined ? {} : { version: versionNumber(datasetVersion) }),
  };
  const decisions = decisionsOf(options);
  const connection = await connect(output);
  const { api } = connection;
  if (decisions.length > 0) return decide(connection, output, { name, decisions });
  if (options.cancel === true) {
    const { latest } = await api.suspects.review.query(asked);
    if (latest === null) throw nothingToCancel(name);
    await api.suspects.cancel.mutate({ id: latest.id });
  } else if (options.look === true) {
    await waitForSearch(connection, output, await api.suspects.start.mutate(asked));
  }
  output.result(await api.suspects.review.query(asked), describeReview);
}

function nothingToCancel(name: string): DomainError {
  return new DomainError(
    'CONFLICT',
    `The training images of ${name} are not being looked through.`,
    {
      fix: `Look through them with "plumb datasets suspects ${name} --look".`,
    },
  );
}

async function decide(
  connection: Connection,
  output: Output,
  input: DecideSuspects,
): Promise<void> {
  const { kept, import: started } = await connection.api.suspects.decide.mutate(input);
  if (kept > 0) output.note(`Kept ${kept}.`);
  if (started === null) {
    const review = await connection.api.suspects.review.query({ name: input.name });
    return output.result(review, describeReview);
  }
  output.result(await waitForImport(connection, output, started, 'Looked at'), describeDataset);
}

/** @throws DomainError with what ended it */
async function waitForSearch(
  { api }: Connection,
  output: Output,
  started: SuspectSearch,
): Promise<void> {
  let search = started;
  while (search.status === 'queued' || search.status === 'running') {
    await sleep(POLL_MS);
    search = await api.suspects.get.query({ id: search.id });
    const { checked, total } = search;
    output.progress(
      total === null
        ? 'Waiting for a trainer …'
        : `Comparing the training images: ${Math.floor((100 * checked) / total)} %.`,
    );
  }
  if (search.error !== null) throw DomainError.fromBody(search.error);
  if (search.status === 'cancelled')
    throw new DomainError('CANCELLED', 'The search was cancelled.', {
      fix: 'Look again with --look.',
    });
}

export function describeReview(review: SuspectReview): string {
  const { dataset, version, search, suspects: listed, undecided } = review;
  const words = lookedThroughWords(lookedThrough(review), version);
  if (search === null) return `${words} Do so with "plumb datasets suspects ${dataset} --look".`;
  const rows = listed.map((one) => [
    one.path,
    one.category,
    one.imageScore.toPrecision(4),
    one.robustCut.toPrecision(4),
    one.deviations.toFixed(1),
    STATES[one.state],
  ]);
  const columns = ['image', 'category', 'score', 'robust cut', 'deviations', 'state'];
  return [
    words,
    ...(rows.length === 0 ? [] : [table(columns, rows)]),
    ...(undecided === 0
      ? []
      : ['Say what becomes of them with --keep, --exclude, --to-test or --anomalous.']),
  ].join('\n');
}

const STATES: Readonly<Record<ReviewedSuspect['state'], string>> = {
  undecided: 'undecided',
  kept: 'kept',
  gone: 'no longer a training image',
  usual: 'below the cut',
};
