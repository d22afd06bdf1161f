/** @file `plumb datasets ignore`: what is ignored in every image of a category, as the next version of the dataset. */
import { readFile } from 'node:fs/promises';
import {
  DomainError,
  type IgnorePolygon,
  ignorePolygonSchema,
  ignorePolygonsSchema,
} from '@plumbline/contracts';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { connect } from './api-client.ts';
import { type JsonOption, withAction } from './command.ts';
import { describeDataset } from './describe-dataset.ts';
import type { Output } from './output.ts';
import { waitForImport } from './wait-for-import.ts';

export function addIgnoreCommand(datasets: Command): void {
  withAction(
    datasets
      .command('ignore')
      .argument('<name>')
      .requiredOption('--category <name>', 'whose images')
      .option(
        '--polygon <corners...>',
        'a region by its corners, as shares of width and height from the top left: "0,0 0.2,0 0.2,1 0,1"',
      )
      .option('--file <file>', 'YAML or JSON: a list of polygons, each a list of [x, y]')
      .option('--clear', 'ignore nothing in them any more')
      .option('--note <text>', 'kept with the version', '')
      .description(
        'set what is ignored in every image of a category (fixtures, edges), in place of what is ignored so far',
      ),
    ignore,
  );
}

export interface IgnoreOptions {
  readonly category: string;
  readonly polygon?: string[];
  readonly file?: string;
  readonly clear?: boolean;
}

async function ignore(
  output: Output,
  name: string,
  options: IgnoreOptions & JsonOption & { readonly note: string },
): Promise<void> {
  const { category, note } = options;
  const polygons = await polygonsFrom(options);
  const connection = await connect(output);
  const changes = [{ kind: 'setIgnore' as const, category, polygons }];
  const started = await connection.api.datasets.edit.mutate({ name, changes, note });
  const made = await waitForImport(connection, output, started, 'Looked at');
  output.result(made, describeDataset);
}

/** @throws DomainError INVALID_INPUT naming the option, and in a file the place; NOT_FOUND */
export async function polygonsFrom(options: IgnoreOptions): Promise<IgnorePolygon[]> {
  const { polygon = [], file, clear = false } = options;
  const given = polygon.map(cornersOf);
  if (file !== undefined) given.push(...(await readPolygons(file)));
  if (clear === given.length > 0)
    throw bad(
      'polygon',
      clear ? '--clear takes all regions away.' : 'You gave no region.',
      'Give --polygon or --file, or --clear alone.',
    );
  return given;
}

/** @throws DomainError INVALID_INPUT */
function cornersOf(text: string): IgnorePolygon {
  const corners = text
    .trim()
    .split(/\s+/u)
    .map((corner) => corner.split(',').map(Number));
  const parsed = ignorePolygonSchema.safeParse(corners);
  if (parsed.success) return parsed.data;
  throw bad(
    'polygon',
    `"${text}" is no polygon.`,
    'Write at least three corners as shares of the image, 0 to 1: "0,0 0.2,0 0.2,1 0,1".',
  );
}

async function readPolygons(file: string): Promise<IgnorePolygon[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DomainError('NOT_FOUND', `${file} cannot be read: ${String(cause)}.`, {
      ...{ field: 'file', fix: 'Give a file that is there.', file, cause },
    });
  });
  const parsed = ignorePolygonsSchema.safeParse(asValue(text, file));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw bad('file', `${file}: ${issue?.path.join('.')} ${issue?.message}`, FORM, file);
}

const FORM =
  'Write a list of polygons, each a list of corners: [[[0, 0], [0.2, 0], [0.2, 1], [0, 1]]].';

function asValue(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw bad('file', `${file} cannot be read: ${String(cause)}`, FORM, file);
  }
}

function bad(field: string, message: string, fix: string, file?: string): DomainError {
  return new DomainError('INVALID_INPUT', message, {
    ...{ field, fix },
    ...(file === undefined ? {} : { file }),
  });
}
