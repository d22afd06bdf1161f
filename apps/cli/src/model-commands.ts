/** @file `plumb models …` and `plumb predict`. */
import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  backboneLabel,
  CORE_METRIC_NAMES,
  DomainError,
  definedOver,
  lookUp,
  METRICS,
  type ModelVersion,
  type Promotion,
  pixelErrorNotes,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { addAliasCommand } from './alias-command.ts';
import { type Connection, callRoute, connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { addModelDeletion } from './delete-commands.ts';
import { addDriftCommand } from './drift-command.ts';
import { addExtendCommand } from './extend-command.ts';
import { addKeptCommands } from './kept-commands.ts';
import { METRIC_HEADS, megabytes, type Output, percent, table } from './output.ts';
import { addRerunCommand } from './rerun-command.ts';
import { versionNumber } from './version-number.ts';

export function addModelCommands(program: Command): void {
  const models = program.command('models').description('look at models, promote and download them');
  withAction(models.command('list').description('list the models'), list);
  withAction(
    models.command('show').argument('<name>').description('show the versions of a model'),
    show,
  );
  withAction(
    models
      .command('promote')
      .argument('<name>')
      .argument('<version>')
      .description('let a version answer predictions; says which one it replaces'),
    promote,
  );
  addAliasCommand(models);
  addRerunCommand(models);
  addExtendCommand(models);
  addDriftCommand(models);
  addKeptCommands(models);
  addModelDeletion(models);
  withAction(
    models
      .command('download')
      .argument('<name>')
      .argument('[version]', 'default: the newest')
      .requiredOption('--to <folder>', 'folder to make')
      .description('download a bundle and check it'),
    download,
  );
}

async function list(output: Output): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.models.list.query(), (models) =>
    models.length === 0
      ? 'No models yet. Train one with "plumb train --dataset <name>".'
      : table(
          [
            'model',
            'dataset',
            'method',
            'backbone',
            'versions',
            'promoted',
            METRICS.imageAuroc.short,
            METRICS.pixelAuroc.short,
          ],
          models.map((m) => [
            m.name,
            m.dataset,
            m.method,
            m.backbone,
            m.versions,
            m.promotedVersion ?? '–',
            percent(m.mean.imageAuroc),
            percent(m.mean.pixelAuroc),
          ]),
        ),
  );
}

async function show(output: Output, name: string): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.models.get.query({ name }), (versions) =>
    versions.map(describeVersion).join('\n\n'),
  );
}

function describeVersion(version: ModelVersion): string {
  const { manifest } = version;
  const rows = [['mean', manifest.mean] as const, ...Object.entries(manifest.categories)];
  return [
    `${version.model} version ${version.version}${version.promoted ? ', promoted' : ''}: ${manifest.method} ${manifest.preset}, ${manifest.backbone === null ? 'external' : backboneLabel(manifest.backbone)}, seed ${manifest.seed}, ${megabytes(version.sizeBytes)}`,
    ...extensionWords(version),
    `Dataset ${manifest.lineage.dataset} ${manifest.lineage.datasetVersion}, protocol ${manifest.protocol.name}, code ${manifest.lineage.codeVersion}`,
    table(
      ['category', ...METRIC_HEADS, 'threshold'],
      [
        ...rows.map(([name, metrics]) => [
          name,
          ...CORE_METRIC_NAMES.map((metric) => percent(metrics[metric])),
          thresholdOf(manifest, name),
        ]),
        [
          'mean is over',
          ...CORE_METRIC_NAMES.map((metric) => definedOver(manifest.categories, metric)),
          '',
        ],
      ],
    ),
    ...pixelErrorNotes(manifest),
  ].join('\n');
}

function extensionWords({ manifest }: ModelVersion): string[] {
  if (manifest.kind === 'external' || manifest.extension === undefined) return [];
  const { parent, added, from } = manifest.extension;
  return [`Version ${parent} with ${added.length} images of ${from} added`];
}

function thresholdOf(manifest: ModelVersion['manifest'], name: string): string {
  if (manifest.thresholds === null) return 'none';
  const { categories, pooled } = manifest.thresholds;
  return (lookUp(categories, name) ?? pooled).imageThreshold.toFixed(4);
}

async function promote(output: Output, name: string, version: string): Promise<void> {
  const asked = { name, version: versionNumber(version) };
  const { api } = await connect(output);
  const promoted = await api.models.promote.mutate(asked);
  output.result(promoted, describePromotion);
}

export function describePromotion({
  model,
  version,
  replaced,
}: Pick<Promotion, 'model' | 'version' | 'replaced'>): string {
  if (replaced === version) return `${model} version ${version} already answered predictions.`;
  const now = `${model} version ${version} now answers predictions.`;
  return replaced === null
    ? `${now} No version did before.`
    : `${now} It replaced version ${replaced}; to undo: plumb models promote ${model} ${replaced}`;
}

async function download(
  output: Output,
  name: string,
  version: string | undefined,
  options: JsonOption & { to: string },
): Promise<void> {
  const connection = await connect(output);
  const versions = await connection.api.models.get.query({ name });
  const wanted = version === undefined ? versions[0]?.version : versionNumber(version);
  const found = versions.find((row) => row.version === wanted);
  if (found === undefined)
    throw new DomainError('NOT_FOUND', `${name} has no version ${version}.`, {
      fix: `It has ${versions.map((row) => row.version).join(', ')}.`,
    });
  const target = resolve(options.to);
  const partial = `${target}.partial-${process.pid}`;
  await mkdir(partial, { recursive: true });
  try {
    for (const file of found.manifest.files)
      await downloadFile(connection, output, found, file, partial);
    await downloadFile(connection, output, found, { name: 'manifest.json', sha256: null }, partial);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new DomainError('CONFLICT', `${target} exists already.`, {
      field: 'to',
      fix: 'Name a folder that does not exist yet.',
    });
  }
  output.result(
    { model: name, version: found.version, folder: target, bundleHash: found.bundleHash },
    (result) => `Downloaded ${result.model} version ${result.version} to ${result.folder}.`,
  );
}

async function downloadFile(
  connection: Connection,
  output: Output,
  version: ModelVersion,
  file: { name: string; sha256: string | null },
  folder: string,
): Promise<void> {
  output.progress(`Downloading ${file.name} …`);
  const response = await callRoute(
    connection,
    `/v1/models/${version.model}/versions/${version.version}/files/${file.name}`,
  );
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (file.sha256 !== null && createHash('sha256').update(bytes).digest('hex') !== file.sha256) {
    throw new DomainError('UNAVAILABLE', `${file.name} arrived damaged.`, {
      file: file.name,
      fix: 'Download it again.',
    });
  }
  await writeFile(join(folder, file.name), bytes);
}
