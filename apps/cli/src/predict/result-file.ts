/**
 * @file The results of many images in a file, CSV or JSON lines, a line per image as soon as its answer is there. A command
 * that was stopped goes on with the file: its whole lines stay, images that failed and a line cut short are done again.
 */
import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import {
  DomainError,
  type InspectedFile,
  RESULT_COLUMNS,
  toResultCells,
  toResultLine,
} from '@plumbline/contracts';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';

/** What of each line is looked at when it is read back. */
interface WrittenRow {
  readonly image: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly predictedLabel: string;
  readonly uncertain: boolean;
}

export interface ResultFile {
  /** Rows that were there. */
  readonly kept: readonly WrittenRow[];
  append(result: InspectedFile): Promise<void>;
  close(): Promise<void>;
}

interface Format {
  readonly head: string;
  line(result: InspectedFile): string;
  /** The whole lines without errors, each with what it says; null for a file that is something else. */
  read(text: string): readonly { readonly row: WrittenRow; readonly line: string }[] | null;
}

const written = z.object({
  image: z.string(),
  model: z.string(),
  modelVersion: z.coerce.number(),
  predictedLabel: z.string(),
  uncertain: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]),
});

const CSV: Format = {
  head: stringify([[...RESULT_COLUMNS]]),
  line: (result) => stringify([toResultCells(result)]),
  read(text) {
    if (!text.startsWith(this.head)) return null;
    // What follows the last line break was cut short.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const rows: Record<string, string>[] = parse(whole, { columns: true });
    return rows
      .filter((row) => row['error'] === '')
      .map((row) => ({ row: written.parse(row), line: stringify([Object.values(row)]) }));
  },
};

const JSON_LINES: Format = {
  head: '',
  line: (result) => `${toResultLine(result)}\n`,
  read(text) {
    const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
    const found: { row: WrittenRow; line: string }[] = [];
    for (const line of lines.filter((one) => one !== '')) {
      const value = parsed(line);
      if (value === null) return null;
      if (value['error'] !== null) continue;
      const row = written.safeParse(value);
      if (!row.success) return null;
      found.push({ row: row.data, line: `${line}\n` });
    }
    return found;
  },
};

function parsed(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

/** @throws DomainError INVALID_INPUT unless it ends in `.csv`, `.jsonl` or `.ndjson`. */
export function formatOf(path: string): 'csv' | 'jsonl' {
  const ending = extname(path).toLowerCase();
  if (ending === '.csv') return 'csv';
  if (ending === '.jsonl' || ending === '.ndjson') return 'jsonl';
  throw new DomainError('INVALID_INPUT', `Results can't be written to ${path}.`, {
    fix: 'Name a file that ends in .csv or .jsonl, such as --out results.csv.',
    field: 'out',
  });
}

/**
 * Opens it, with what is there of this version of the model.
 * @throws DomainError CONFLICT when it holds something else, INVALID_INPUT as `formatOf` or when it can't be written
 */
export async function openResultFile(
  path: string,
  { model, version }: { readonly model: string; readonly version: number },
): Promise<ResultFile> {
  const format = formatOf(path) === 'csv' ? CSV : JSON_LINES;
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw unwritable(path, error);
  });
  const found = text === '' ? [] : format.read(text);
  const others = found?.find(({ row }) => row.model !== model || row.modelVersion !== version);
  if (found === null || others !== undefined)
    throw new DomainError('CONFLICT', `${path} holds ${describe(others?.row)}.`, {
      fix: 'Name another file with --out, or delete it.',
      field: 'out',
    });
  const file = await begin(path, format.head + found.map(({ line }) => line).join(''));
  return {
    kept: found.map(({ row }) => row),
    append: async (result) => void (await file.appendFile(format.line(result))),
    close: () => file.close(),
  };
}

/** Replaced as a whole: a command that is killed here has lost nothing. */
async function begin(path: string, text: string): Promise<FileHandle> {
  try {
    await writeFile(`${path}.part`, text);
    await rename(`${path}.part`, path);
    return await open(path, 'a');
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): DomainError {
  return new DomainError('INVALID_INPUT', `Results can't be written to ${path}.`, {
    fix: 'Check that its folder exists and that you may write there.',
    field: 'out',
    cause,
  });
}

function describe(row: WrittenRow | undefined): string {
  return row === undefined
    ? 'something other than results'
    : `results of ${row.model} version ${row.modelVersion}`;
}
