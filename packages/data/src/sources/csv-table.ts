/** @file A table in a .csv, its columns by name. */
import { DomainError } from '@plumbline/contracts';
import { parse } from 'csv-parse/sync';

export interface CsvTable {
  /** In lower case. */
  readonly columns: readonly string[];
  /** Cells by column; one that a row lacks is ''. */
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** Bytes of a table: a million rows, parsed in memory. */
export const MAX_TABLE_BYTES = 128 * 1024 ** 2;

/** @throws DomainError INVALID_INPUT naming `file`, with `fix`. */
export function parseCsv(bytes: Uint8Array, file: string, fix: string): CsvTable {
  let records: string[][];
  try {
    records = parse(Buffer.from(bytes), { bom: true, skip_empty_lines: true });
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    const message = `${file} is not a readable table: ${detail}.`;
    throw new DomainError('INVALID_INPUT', message, { file, fix, cause });
  }
  const [head = [], ...rows] = records;
  const columns = head.map((name) => name.trim().toLowerCase());
  return {
    columns,
    rows: rows.map((row) =>
      Object.fromEntries(columns.map((name, index) => [name, row[index] ?? ''])),
    ),
  };
}
