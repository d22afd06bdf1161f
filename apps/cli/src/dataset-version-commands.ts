/** @file `plumb datasets versions|diff|edit`: versions of a dataset, and how the next one is made. */
import {
  type DatasetChange,
  type DatasetDiff,
  type DatasetVersion,
  DomainError,
  editWords,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { describeDataset } from './describe-dataset.ts';
import { masksOf, sendMasks } from './mask-options.ts';
import { type Output, table } from './output.ts';
import { serverPath } from './server-path.ts';
import { versionNumber } from './version-number.ts';
import { waitForImport } from './wait-for-import.ts';

export function addVersionCommands(datasets: Command): void {
  withAction(
    datasets.command('versions').argument('<name>').description('list the versions of a dataset'),
    versions,
  );
  withAction(
    datasets
      .command('diff')
      .argument('<name>')
      .argument('<from>', 'number of a version')
      .argument('<to>', 'number of another one')
      .description('show what two versions differ in'),
    diff,
  );
  withAction(
    datasets
      .command('edit')
      .argument('<name>')
      .option('--exclude <path...>', 'images that are no longer part of the dataset')
      .option('--reason <text>', 'why they are excluded', '')
      .option('--to-train <path...>', 'normal images to move to the training images')
      .option('--to-test <path...>', 'normal images to move to the test images')
      .option('--anomalous <path...>', 'images that are anomalous: they become test images')
      .option('--defect <type>', 'defect type of these')
      .option('--normal <path...>', 'images that are normal')
      .option('--add-from <dataset>', 'add the images of another dataset that this one lacks')
      .option(
        '--add-files <path>',
        'add the images in a folder, .zip or s3://bucket/prefix, in any layout, that this one lacks',
      )
      .option(
        '--mask <image=file...>',
        'the mask of an anomalous image, as bolt/test/dent/3.png=mask.png; without a file it is taken away',
      )
      .option(
        '--masks <reading>',
        'of these: "inverted" where they mark what is normal, "as-is" where they may cover more than half of the image',
      )
      .option('--upright', 'they were drawn on images as these are shown, turned by EXIF')
      .option('--note <text>', 'kept with the version', '')
      .description('make the next version of a dataset; versions share their images'),
    edit,
  );
}

async function versions(output: Output, name: string): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.datasets.versions.query({ name }), describeVersions);
}

function describeVersions(found: readonly DatasetVersion[]): string {
  return table(
    ['version', 'images', 'test images', 'made', 'how'],
    found.map((one) => [
      one.datasetVersion,
      one.images,
      one.sameTestSet ? 'as in the latest' : 'others',
      one.createdAt.slice(0, 16),
      one.edit === null
        ? 'imported'
        : [editWords(one.edit), one.edit.note].filter((text) => text !== '').join('. '),
    ]),
  );
}

async function diff(output: Output, name: string, from: string, to: string): Promise<void> {
  const input = { name, from: versionNumber(from), to: versionNumber(to) };
  const { api } = await connect(output);
  output.result(await api.datasets.diff.query(input), describeDiff);
}

function describeDiff(found: DatasetDiff): string {
  const { counts, added, removed, changed } = found;
  const rest = (kind: 'added' | 'removed' | 'changed', listed: number) =>
    counts[kind] > listed ? [`… and ${counts[kind] - listed} more ${kind}`] : [];
  return [
    `${found.from} to ${found.to}: ${counts.added} added, ${counts.removed} removed, ${counts.changed} changed, ${counts.same} the same. ${found.sameTestSet ? 'The test images are the same: results on both are on one leaderboard.' : 'The test images differ: results on the two are not comparable.'}`,
    ...added.map(({ path }) => `+ ${path}`),
    ...rest('added', added.length),
    ...removed.map(({ path }) => `- ${path}`),
    ...rest('removed', removed.length),
    ...changed.map((one) => `~ ${one.from.path} is ${one.to.path}`),
    ...rest('changed', changed.length),
    ...found.ignore.map(
      ({ category, from, to }) =>
        `~ ignore regions of ${category}: ${from.length} before, ${to.length} now`,
    ),
  ].join('\n');
}

export interface EditOptions {
  readonly exclude?: string[];
  readonly reason: string;
  readonly toTrain?: string[];
  readonly toTest?: string[];
  readonly anomalous?: string[];
  readonly defect?: string;
  readonly normal?: string[];
  readonly addFrom?: string;
  readonly addFiles?: string;
  readonly mask?: string[];
  readonly masks?: string;
  readonly upright?: boolean;
  readonly note: string;
}

async function edit(
  output: Output,
  name: string,
  options: EditOptions & JsonOption,
): Promise<void> {
  const masks = masksOf(options);
  const others = changesOf(options);
  const connection = await connect(output);
  const changes = [...(await sendMasks(connection, masks)), ...others];
  const started = await connection.api.datasets.edit.mutate({ name, changes, note: options.note });
  const made = await waitForImport(connection, output, started, 'Looked at');
  output.result(made, describeDataset);
}

/** @throws DomainError INVALID_INPUT when there is nothing to change */
export function changesOf(options: EditOptions): DatasetChange[] {
  const { exclude, reason, toTrain, toTest, anomalous, defect, normal, addFrom, addFiles } =
    options;
  const changes: DatasetChange[] = [];
  if (exclude !== undefined) changes.push({ kind: 'exclude', paths: exclude, reason });
  if (toTrain !== undefined) changes.push({ kind: 'move', paths: toTrain, split: 'train' });
  if (toTest !== undefined) changes.push({ kind: 'move', paths: toTest, split: 'test' });
  if (anomalous !== undefined) {
    const type = defect === undefined ? {} : { defectType: defect };
    changes.push({ kind: 'relabel', paths: anomalous, label: 'anomalous', ...type });
  }
  if (normal !== undefined) changes.push({ kind: 'relabel', paths: normal, label: 'normal' });
  if (addFrom !== undefined) changes.push({ kind: 'add', from: addFrom });
  if (addFiles !== undefined)
    changes.push({ kind: 'addFiles', source: { kind: 'path', path: serverPath(addFiles) } });
  if (changes.length > 0 || options.mask !== undefined) return changes;
  throw new DomainError('INVALID_INPUT', 'You named nothing to change.', {
    fix: 'See "plumb datasets edit --help".',
  });
}
