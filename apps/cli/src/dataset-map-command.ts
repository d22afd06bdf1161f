/** @file `plumb datasets map`: a proposal of what each folder is, for a dataset in no known layout. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import type { Output } from './output.ts';
import { mappingText } from './read-mapping.ts';
import { serverPath } from './server-path.ts';

export function addMapCommand(datasets: Command): void {
  withAction(
    datasets
      .command('map')
      .argument('<path>', 'folder or .zip on the disk of the platform, or s3://bucket/prefix')
      .option('--out <file>', 'where to write it (default: on the screen)')
      .description(
        'propose what each folder of a dataset in no known layout is, to edit and import with --mapping',
      ),
    map,
  );
}

interface MapOptions extends JsonOption {
  readonly out?: string;
}

async function map(output: Output, path: string, { out }: MapOptions): Promise<void> {
  const { api } = await connect(output);
  const survey = await api.datasets.survey.mutate({
    source: { kind: 'path', path: serverPath(path) },
  });
  const text = mappingText(survey, path);
  if (out !== undefined) await writeFile(out, text, { flag: 'wx' });
  output.result(survey, () =>
    out === undefined
      ? text
      : `Written to ${out}. Correct it, then: plumb datasets import ${path} --name ${basename(path)} --mapping ${out}`,
  );
}
