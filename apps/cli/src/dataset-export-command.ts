/** @file `plumb datasets export`: a version as a .zip in the MVTec layout, or as a list of its samples. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import {
  DATASET_EXPORT_FORMATS,
  type DatasetExportFormat,
  DomainError,
} from '@plumbline/contracts';
import { type Command, Option } from 'commander';
import { callRoute, connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { namedVersion } from './named-version.ts';
import { megabytes, type Output } from './output.ts';

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

/** What keeps a file from being written here; everything else is the connection. */
const OWN_DISK = ['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'];

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
  const { body } = await callRoute(connection, path);
  if (body === null) throw new DomainError('UNAVAILABLE', 'The API sent nothing.');
  const file = resolve(out);
  const partial = `${file}.partial-${process.pid}`;
  let bytes = 0;
  try {
    await pipeline(
      Readable.fromWeb(body as ReadableStream<Uint8Array>),
      async function* (chunks: AsyncIterable<Uint8Array>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          output.progress(`Exporting ${name} v${dataset.version}: ${megabytes(bytes)}`);
          yield chunk;
        }
      },
      createWriteStream(partial),
    );
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    throw notWritten(file, cause);
  }
  output.result(
    { dataset: name, version: dataset.version, hash: dataset.hash, file, bytes },
    (made) =>
      `Exported ${made.dataset} v${made.version} to ${made.file} (${megabytes(made.bytes)}).`,
  );
}

function notWritten(file: string, cause: unknown): DomainError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (OWN_DISK.includes(code)) {
    return new DomainError('INVALID_INPUT', `${file} can't be written: ${code}.`, {
      ...{ field: 'out', cause },
      fix: 'Name a file in a folder that exists, with room on its disk.',
    });
  }
  return new DomainError('UNAVAILABLE', `The export broke off, so ${file} was not written.`, {
    cause,
    fix: 'Look into the platform log: an image may be missing or damaged. Then export again.',
  });
}
