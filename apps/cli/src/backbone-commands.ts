/** @file `plumb backbones list|fetch|add|inspect`. */
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BackboneInspection, type BackboneSummary, DomainError } from '@plumbline/contracts';
import { inspectBackbone } from '@plumbline/platform';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { duration, megabytes, type Output, table } from './output.ts';

const POLL_MS = 300;

export function addBackboneCommands(program: Command): void {
  const backbones = program
    .command('backbones')
    .description('pretrained networks that compute features');
  withAction(
    backbones.command('list').description('list the backbones, and those that can be fetched'),
    list,
  );
  withAction(
    backbones
      .command('fetch')
      .argument('<name>', 'a name from the list')
      .option('--sha256 <hash>', 'confirm the hash of a file for which the catalog has none')
      .description('download a backbone from its publisher; resumes where it was interrupted'),
    fetchBackbone,
  );
  withAction(
    backbones
      .command('add')
      .argument('<file>', '.safetensors or .onnx, on the disk of the platform')
      .requiredOption('--name <name>', 'a name from the list, or one of your own')
      .option('--sha256 <hash>', 'hash that the file must have')
      .description('add a backbone file by hand'),
    add,
  );
  withAction(
    backbones
      .command('inspect')
      .argument('<file>', '.safetensors or .onnx')
      .option('--size <pixels>', 'side of the images that an ONNX file is tried on', '256')
      .description('list the feature taps of a file'),
    inspect,
  );
}

async function list(output: Output): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.backbones.list.query(), (found) =>
    table(
      ['backbone', 'state', 'size', 'parameters', 'license', 'taps (default)'],
      found.map((one) => [
        one.name,
        one.status,
        one.bytes === null ? '' : megabytes(one.bytes),
        one.parameters === null ? '' : `${(one.parameters / 1e6).toFixed(1)} M`,
        one.license ?? '',
        one.defaultTaps.join(', '),
      ]),
    ),
  );
}

async function fetchBackbone(
  output: Output,
  name: string,
  options: JsonOption & { sha256?: string },
): Promise<void> {
  const { api } = await connect(output);
  let state = await api.backbones.fetch.mutate({ name, sha256: options.sha256 });
  let isCancelled = false;
  const onInterrupt = () => {
    isCancelled = true;
  };
  process.once('SIGINT', onInterrupt);
  try {
    while (state.status === 'fetching') {
      if (isCancelled) {
        await api.backbones.cancel.mutate({ name });
        throw new DomainError('CANCELLED', `Fetching "${name}" was cancelled.`, {
          fix: 'Fetch it again: it resumes where it stopped.',
        });
      }
      output.progress(describeProgress(state));
      await sleep(POLL_MS);
      state = await api.backbones.get.query({ name });
    }
  } finally {
    process.removeListener('SIGINT', onInterrupt);
  }
  const error = state.fetch?.error ?? null;
  if (error !== null) throw DomainError.fromBody(error);
  if (state.status !== 'ready') {
    throw new DomainError('CANCELLED', `Fetching "${name}" was cancelled elsewhere.`, {
      fix: `Fetch it again, which resumes where it stopped: plumb backbones fetch ${name}.`,
    });
  }
  output.result(state, describeBackbone);
}

function describeProgress({ name, fetch, bytes }: BackboneSummary): string {
  if (fetch === null) return `Fetching ${name} …`;
  const total = fetch.totalBytes ?? bytes;
  const all = total === null ? '' : ` of ${megabytes(total)}`;
  const left = fetch.etaSeconds === null ? '' : `, ${duration(fetch.etaSeconds)} left`;
  return `Fetching ${name}: ${megabytes(fetch.receivedBytes)}${all}, ${megabytes(fetch.bytesPerSecond)}/s${left}`;
}

async function add(
  output: Output,
  file: string,
  options: JsonOption & { name: string; sha256?: string },
): Promise<void> {
  const { api } = await connect(output);
  const { name, sha256 } = options;
  output.result(
    await api.backbones.add.mutate({ name, path: resolve(file), sha256 }),
    describeBackbone,
  );
}

function describeBackbone(backbone: BackboneSummary): string {
  const size = backbone.bytes === null ? '' : `, ${megabytes(backbone.bytes)}`;
  return `${backbone.name}: ${backbone.status}${size}${backbone.path === null ? '' : `, ${backbone.path}`}`;
}

async function inspect(
  output: Output,
  file: string,
  options: JsonOption & { size: string },
): Promise<void> {
  const size = Number(options.size);
  if (!Number.isInteger(size) || size < 1) {
    throw new DomainError('INVALID_INPUT', `--size: "${options.size}" is not a number of pixels.`, {
      field: 'size',
      fix: 'Give a whole number, for example 256.',
    });
  }
  output.result(await inspectBackbone(resolve(file), size), describeInspection);
}

function describeInspection(found: BackboneInspection): string {
  return [
    `${found.file}: ${found.architecture ?? 'ONNX'}, SHA-256 ${found.sha256}`,
    table(
      ['tap', 'channels', 'stride', 'default'],
      found.featureTaps.map((tap) => [
        tap.name,
        tap.channels,
        tap.stride,
        found.defaultTaps.includes(tap.name) ? 'yes' : '',
      ]),
    ),
  ].join('\n');
}
