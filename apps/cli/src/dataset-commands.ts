/** @file `plumb datasets import|list|show`; those of versions are apart. */
import {
  type DatasetDetail,
  type DatasetImportOptions,
  DomainError,
  type ImportDatasetInput,
  type ImportSource,
  importOptionsSchema,
  parseValueRange,
  type SampleSize,
  sampleSizeSchema,
  splitRuleSchema,
} from '@plumbline/contracts';
import { type Command, Option } from 'commander';
import { type Connection, connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { addExportCommand } from './dataset-export-command.ts';
import { addIgnoreCommand } from './dataset-ignore-command.ts';
import { addMapCommand } from './dataset-map-command.ts';
import { addSuspectsCommand } from './dataset-suspects-command.ts';
import { addUpdateCommand } from './dataset-update-command.ts';
import { addVersionCommands } from './dataset-version-commands.ts';
import { addDatasetDeletion } from './delete-commands.ts';
import { describeDataset } from './describe-dataset.ts';
import { megabytes, type Output, table } from './output.ts';
import { readMapping } from './read-mapping.ts';
import { serverPath } from './server-path.ts';
import { versionNumber } from './version-number.ts';
import { waitForImport } from './wait-for-import.ts';

export function addDatasetCommands(program: Command): void {
  const datasets = program.command('datasets').description('import and look at datasets');
  addImportCommand(datasets);
  withAction(datasets.command('list').description('list the datasets'), list);
  withAction(
    datasets.command('layouts').description('show how to arrange the files of a dataset'),
    layouts,
  );
  withAction(
    datasets
      .command('show')
      .argument('<name>')
      .option('--dataset-version <number>', 'number of a version (default: the latest)')
      .description('show one dataset'),
    show,
  );
  addMapCommand(datasets);
  addVersionCommands(datasets);
  addIgnoreCommand(datasets);
  addSuspectsCommand(datasets);
  addExportCommand(datasets);
  addUpdateCommand(datasets);
  addDatasetDeletion(datasets);
}

function addImportCommand(datasets: Command): void {
  const command = datasets
    .command('import')
    .argument(
      '[path]',
      'folder or .zip on the disk of the platform, or s3://bucket/prefix (see "plumb datasets layouts")',
    )
    .requiredOption('--name <name>', 'name of the dataset')
    .option('--sample', 'make the procedural sample dataset instead')
    .addOption(
      new Option(
        '--size <size>',
        'size of the sample dataset; small: 6 categories, 282 images of 128 pixels, ready in seconds; large: 10 categories, 1,600 images of 256 pixels, about 2 minutes and 200 MB',
      )
        .choices(sampleSizeSchema.options)
        .default('small'),
    )
    .option('--seed <number>', 'seed of the sample dataset', '0')
    .option(
      '--range <low..high>',
      'values of black and white in images with more than 8 bits, such as 0..4095 (default: found per category)',
    )
    .addOption(
      new Option(
        '--masks <how>',
        'inverted: masks mark what is normal; as-is: accept masks that cover more than half of an image',
      ).choices(importOptionsSchema.shape.masks.unwrap().options),
    )
    .description('import a folder or archive as an immutable dataset version');
  withAction(addFileOptions(command), importDataset);
}

/** What the files do not say themselves. */
function addFileOptions(command: Command): Command {
  return command
    .option(
      '--license <text>',
      'license of the images: an SPDX identifier such as CC-BY-4.0, or words',
    )
    .option('--source <text>', 'where the images come from: an address, or words')
    .option(
      '--split <share>',
      'share of the normal images to test with, such as 0.2, where the files come without a split',
    )
    .option(
      '--group-by <pattern>',
      'with --split: a regular expression with one capture group; images whose paths have the same capture (part, sheet, lot) stay on one side',
    )
    .option(
      '--mapping <file>',
      'a YAML file that says what each folder is (see "plumb datasets map"), where no layout is recognized',
    );
}

interface ImportOptions extends JsonOption {
  readonly name: string;
  readonly sample?: boolean;
  readonly seed: string;
  readonly size: SampleSize;
  readonly range?: string;
  readonly masks?: DatasetImportOptions['masks'];
  readonly license?: string;
  readonly source?: string;
  readonly split?: string;
  readonly groupBy?: string;
  readonly mapping?: string;
}

async function importDataset(
  output: Output,
  path: string | undefined,
  options: ImportOptions,
): Promise<void> {
  const connection = await connect(output);
  const { name, range, masks, license, source: origin } = options;
  const dataset = await importAndWait(connection, output, {
    name,
    source: sourceOf(path, options),
    ...(range === undefined ? {} : { range: parseValueRange(range) }),
    ...(masks === undefined ? {} : { masks }),
    provenance: { license, source: origin },
    ...splitOf(options),
    ...(options.mapping === undefined ? {} : { mapping: await readMapping(options.mapping) }),
  });
  output.result(dataset, describeDataset);
}

/** @throws DomainError INVALID_INPUT for what is no share, and for groups without one. */
function splitOf({ split, groupBy }: ImportOptions): Pick<DatasetImportOptions, 'split'> {
  if (split === undefined) {
    if (groupBy === undefined) return {};
    throw new DomainError('INVALID_INPUT', '--group-by needs a share of images to test with.', {
      field: 'split',
      fix: 'Add --split 0.2.',
    });
  }
  const rule = { testShare: Number(split), ...(groupBy === undefined ? {} : { groupBy }) };
  const parsed = splitRuleSchema.safeParse(rule);
  if (parsed.success) return { split: parsed.data };
  throw new DomainError('INVALID_INPUT', `--split ${split}: ${parsed.error.issues[0]?.message}`, {
    field: 'split',
    fix: 'Give a share of 0 to 0.9, such as --split 0.2.',
  });
}

function sourceOf(path: string | undefined, options: ImportOptions): ImportSource {
  if (options.sample === true)
    return { kind: 'sample', seed: Number(options.seed), size: options.size };
  if (path !== undefined) return { kind: 'path', path: serverPath(path) };
  throw new DomainError('INVALID_INPUT', 'You named nothing to import.', {
    field: 'path',
    fix: 'Give a folder or .zip, or --sample.',
  });
}

/** Starts an import and waits for its end. @throws DomainError with what was wrong. */
async function importAndWait(
  connection: Connection,
  output: Output,
  input: ImportDatasetInput,
): Promise<DatasetDetail> {
  const started = await connection.api.datasets.import.mutate(input);
  const what = input.source.kind === 'sample' ? 'Made and checked' : 'Checked';
  return waitForImport(connection, output, started, what);
}

async function list(output: Output): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.datasets.list.query(), (datasets) =>
    datasets.length === 0
      ? 'No datasets yet. Make one with "plumb datasets import --sample --name sample".'
      : table(
          ['dataset', 'version', 'images', 'categories', 'size', 'imported'],
          datasets.map((d) => [
            d.name,
            d.datasetVersion,
            d.images,
            d.categories,
            megabytes(d.bytes),
            d.createdAt.slice(0, 16),
          ]),
        ),
  );
}

async function layouts(output: Output): Promise<void> {
  const { api } = await connect(output);
  output.result(await api.datasets.layouts.query(), (known) =>
    known.map(({ title, expected }) => `${title}\n${expected}`).join('\n\n'),
  );
}

async function show(
  output: Output,
  name: string,
  { datasetVersion }: { readonly datasetVersion?: string },
): Promise<void> {
  const version = datasetVersion === undefined ? undefined : versionNumber(datasetVersion);
  const { api } = await connect(output);
  output.result(await api.datasets.get.query({ name, version }), describeDataset);
}
