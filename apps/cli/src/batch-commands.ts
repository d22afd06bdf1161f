/** @file `plumb batches start|list|show|results|cancel`: many images, inspected by a job of the platform. */
import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Batch,
  type BatchSource,
  batchSourceWords,
  DomainError,
  splitSchema,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { type Connection, connect, imageClient } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { namedVersion } from './named-version.ts';
import { duration, type Output, table } from './output.ts';
import { unreadable } from './predict/find-images.ts';
import { formatOf } from './predict/result-file.ts';
import { requireWritable, saveBody } from './save-body.ts';
import { wholeNumber } from './version-number.ts';

const POLL_MS = 500;
/** A platform that is restarted is back by then. */
const PATIENCE_MS = 120_000;

export function addBatchCommands(program: Command): void {
  const batches = program
    .command('batches')
    .description('inspect many images by a job that gives way to single ones');
  withAction(
    batches
      .command('start')
      .argument('[zip]', 'a .zip of images, which is sent to the platform; or give --dataset')
      .requiredOption(
        '--model <name>',
        'model, or an alias or version of it: parts@challenger, parts:3',
      )
      .option('--version <number>', 'version (default: the promoted one)')
      .option('--dataset <name[@version]>', 'images of a dataset version (default: the latest)')
      .option('--split <name>', `only this split: ${splitSchema.options.join(', ')}`)
      .option('--only <category>', 'only images of this category')
      .option(
        '--category <name>',
        'use the threshold of this category for all images (default: their own, or found from the image); "pooled": one threshold for all',
      )
      .option('--regions', 'also say where the anomalous regions are')
      .option('--wait', 'wait for the end; exit code 0 only if the batch succeeded')
      .option('--out <file>', 'wait, then write the results to a .csv or .jsonl file')
      .description('start a batch; it goes on when this command ends'),
    start,
  );
  withAction(batches.command('list').description('list the latest batches, newest first'), list);
  withAction(batches.command('show').argument('<id>').description('how far a batch is'), show);
  withAction(
    batches
      .command('results')
      .argument('<id>')
      .requiredOption('--out <file>', 'a .csv or .jsonl file')
      .description('write the results so far to a file'),
    results,
  );
  withAction(
    batches
      .command('cancel')
      .argument('<id>')
      .description('cancel a batch; its results so far stay'),
    cancel,
  );
}

interface StartOptions extends JsonOption {
  readonly model: string;
  readonly version?: string;
  readonly dataset?: string;
  readonly split?: string;
  readonly only?: string;
  readonly category?: string;
  readonly regions?: boolean;
  readonly wait?: boolean;
  readonly out?: string;
}

async function start(
  output: Output,
  zip: string | undefined,
  options: StartOptions,
): Promise<void> {
  const { model, version, category, regions = false, out } = options;
  if (out !== undefined) {
    formatOf(out);
    await requireWritable(out);
  }
  const read = await readSource(zip, options);
  const connection = await connect(output);
  const { batches } = imageClient(connection, PATIENCE_MS);
  const source = await read(async (file, name) => {
    output.progress(`Sending ${name} …`);
    return batches.upload(file, name);
  });
  const batch = await batches.start({
    ...{ model, regions, source },
    ...(version === undefined ? {} : { version: wholeNumber(version, 'version') }),
    ...(category === undefined ? {} : { category }),
  });
  const isFollowed = options.wait === true || out !== undefined;
  const state = isFollowed ? await follow(connection, output, batch) : batch;
  if (out !== undefined) await save(connection, batch.id, out);
  output.result(state, describe);
  if (state.error !== null) throw DomainError.fromBody(state.error);
  if (state.status === 'cancelled')
    throw new DomainError('CANCELLED', 'The batch was cancelled.', {
      fix: `Its results so far: plumb batches results ${batch.id} --out results.csv`,
    });
}

type Send = (file: Blob, name: string) => Promise<string>;

/** What can be wrong with it here is found before a platform is asked. */
async function readSource(
  zip: string | undefined,
  { dataset, split, only }: StartOptions,
): Promise<(send: Send) => Promise<BatchSource>> {
  if (zip !== undefined && dataset === undefined) {
    refuse(split ?? only, '--split and --only are for --dataset');
    const fileName = basename(zip);
    const file = await openAsBlob(zip).catch((cause: unknown) => {
      throw unreadable(zip, cause);
    });
    return async (send) => ({ kind: 'upload', uploadId: await send(file, fileName), fileName });
  }
  if (dataset === undefined || zip !== undefined)
    throw new DomainError('INVALID_INPUT', 'Give a .zip of images or --dataset, one of the two.', {
      fix: 'For a folder on this machine: plumb predict <folder> --model <name> --out results.csv.',
      field: 'dataset',
    });
  const known = splitSchema.optional().safeParse(split);
  if (!known.success) refuse(split, `There is no split "${split}"`);
  return async () => ({
    ...{ kind: 'dataset', ...namedVersion(dataset) },
    ...(known.data === undefined ? {} : { split: known.data }),
    ...(only === undefined ? {} : { category: only }),
  });
}

function refuse(given: string | undefined, why: string): void {
  if (given === undefined) return;
  throw new DomainError('INVALID_INPUT', `${why}.`, {
    fix: `Use --dataset with --split ${splitSchema.options.join(', ')}, or leave it out.`,
    field: 'split',
  });
}

/** To its end; ending the command does not end the batch. */
async function follow(connection: Connection, output: Output, batch: Batch): Promise<Batch> {
  const { batches } = imageClient(connection, PATIENCE_MS);
  let state = batch;
  while (state.status === 'queued' || state.status === 'running') {
    await sleep(POLL_MS);
    state = await batches.get(batch.id);
    output.progress(progressOf(state));
  }
  return state;
}

function progressOf({ checked, total, etaSeconds }: Batch): string {
  const left = etaSeconds === null ? '' : `, about ${duration(etaSeconds)} left`;
  return total === null ? 'Waiting …' : `${checked} of ${total} images${left}`;
}

async function list(output: Output, _options: JsonOption): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.batches.list.query(), describeList);
}

async function show(output: Output, id: string, _options: JsonOption): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.batches.get.query({ id }), describe);
}

async function results(
  output: Output,
  id: string,
  { out }: JsonOption & { readonly out: string },
): Promise<void> {
  formatOf(out);
  const connection = await connect(output);
  const batch = await connection.api.batches.get.query({ id });
  await save(connection, id, out);
  output.result({ ...batch, out }, describe);
}

async function cancel(output: Output, id: string, _options: JsonOption): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.batches.cancel.mutate({ id }), describe);
}

async function save(connection: Connection, id: string, out: string): Promise<void> {
  const path = `/v1/batches/${encodeURIComponent(id)}/results?format=${formatOf(out)}`;
  const fix = `Get them again: plumb batches results ${id} --out ${out}`;
  await saveBody(connection, { path, file: out, fix });
}

function describe(batch: Batch & { readonly out?: string }): string {
  const { id, status, model, version, thresholdProfile, source, keptUntil, out } = batch;
  const lines = [
    `Batch ${id}: ${status}`,
    `${model} version ${version}, thresholds ${thresholdProfile}; ${batchSourceWords(source)}`,
    status === 'queued' || status === 'running' ? progressOf(batch) : countsOf(batch),
    ...(batch.error === null ? [] : [`Error: ${batch.error.message}`]),
    ...(out === undefined ? [] : [`Results in ${out}`]),
    ...(keptUntil === null ? [] : [`Results are kept until ${keptUntil.slice(0, 16)}.`]),
  ];
  return lines.join('\n');
}

function countsOf({ checked, total, anomalous, uncertain, failed }: Batch): string {
  const doubt = uncertain === 0 ? '' : ` (${uncertain} of them uncertain)`;
  const bad = failed === 0 ? '' : `, ${failed} could not be inspected: see the column "error"`;
  const of = total === null || total === checked ? '' : ` of ${total}`;
  return `${checked}${of} images: ${anomalous} anomalous, ${checked - anomalous - failed} normal${doubt}${bad}.`;
}

function describeList(batches: readonly Batch[]): string {
  if (batches.length === 0) return 'No batch was started yet.';
  return table(
    ['id', 'model', 'version', 'images of', 'status', 'done', 'anomalous', 'failed', 'started'],
    batches.map((one) => [
      ...[one.id, one.model, one.version, batchSourceWords(one.source), one.status],
      `${one.checked}${one.total === null ? '' : ` of ${one.total}`}`,
      ...[one.anomalous, one.failed, one.createdAt.slice(0, 16)],
    ]),
  );
}
