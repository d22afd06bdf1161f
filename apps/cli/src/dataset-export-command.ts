/** @file `plumb datasets export`: a version as a .zip in the MVTec layout, or as a list of its samples. */
import { resolve } from 'node:path';
import { DATASET_EXPORT_FORMATS, type DatasetExportFormat } from '@plumbline/contracts';
import { type Command, Option } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { namedVersion } from './named-version.ts';
import { megabytes, type Output } from './output.ts';
import { saveBody } from './save-body.ts';

/** @param datasets the command `plumb datasets` */
export function addExportCommand(datasets: Command): void {
  withAction(
    datasets
      .command('export')
      .argument('<name[@version]>', 'the latest version, or one: nuts or nuts@2')
      .requiredOption('--out <file>', 'file to write')
      .addOption(
        new Option(
          '--format <format>',
          'zip: MVTec layout; json, csv: a list of samples with hashes',
        )
          .choices([...DATASET_EXPORT_FORMATS])
          .default('zip'),
      )
      .description('export a dataset version; an import of the .zip gives the same version hash'),
    exportDataset,
  );
}

interface ExportOptions extends JsonOption {
  readonly out: string;
  readonly format: DatasetExportFormat;
}

async function exportDataset(
  output: Output,
  target: string,
  { out, format }: ExportOptions,
): Promise<void> {
  const connection = await connect(output);
  const { name, version } = namedVersion(target);
  const dataset = await connection.api.datasets.get.query({ name, version });
  const path = `/v1/datasets/${name}/export?format=${format}&version=${dataset.version}`;
  const file = resolve(out);
  const bytes = await saveBody(connection, {
    ...{ path, file },
    onBytes: (sent) => output.progress(`Exporting ${name} v${dataset.version}: ${megabytes(sent)}`),
    fix: 'Look into the platform log: an image may be missing or damaged. Then export again.',
  });
  output.result(
    { dataset: name, version: dataset.version, hash: dataset.hash, file, bytes },
    (made) =>
      `Exported ${made.dataset} v${made.version} to ${made.file} (${megabytes(made.bytes)}).`,
  );
}
