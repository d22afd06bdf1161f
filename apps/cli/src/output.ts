/** @file What commands print: results on standard output, progress on standard error. */
import {
  CORE_METRIC_NAMES,
  DomainError,
  type ErrorBody,
  METRICS,
  toErrorBody,
} from '@plumbline/contracts';
import Table from 'cli-table3';

export interface Output {
  readonly json: boolean;
  /** The command's result: as JSON, or as the text that `render` makes of it. */
  result<T>(value: T, render: (value: T) => string): void;
  /** A passing state; on a terminal it replaces the one before. */
  progress(text: string): void;
  /** A line that stays. */
  note(text: string): void;
}

/** Heads of the columns of `CORE_METRIC_NAMES`. */
export const METRIC_HEADS = CORE_METRIC_NAMES.map((metric) => METRICS[metric].short);

/** Off a terminal, progress is a line each so often, not a thousand. */
const PLAIN_PROGRESS_EVERY_MS = 10_000;

export function createOutput(json: boolean): Output {
  const terminal = process.stderr.isTTY === true;
  let last = '';
  let printedAt = 0;
  const clear = (): void => {
    if (terminal && last !== '') process.stderr.write('\r\u001b[2K');
    last = '';
  };
  return {
    json,
    result(value, render) {
      clear();
      process.stdout.write(`${json ? JSON.stringify(value, null, 2) : render(value)}\n`);
    },
    progress(text) {
      if (text === last) return;
      if (terminal) {
        clear();
        process.stderr.write(text);
      } else if (Date.now() - printedAt >= PLAIN_PROGRESS_EVERY_MS) {
        printedAt = Date.now();
        process.stderr.write(`${text}\n`);
      }
      last = text;
    },
    note(text) {
      clear();
      process.stderr.write(`${text}\n`);
    },
  };
}

/** Prints an error on standard error: as JSON with `--json`, else in words with how to fix it. */
export function printError(error: unknown, json: boolean): void {
  const body = toErrorBody(error);
  if (process.stderr.isTTY === true) process.stderr.write('\r\u001b[2K');
  process.stderr.write(
    json ? `${JSON.stringify({ error: body }, null, 2)}\n` : describeError(body),
  );
  if (!(error instanceof DomainError) && error instanceof Error && !json)
    process.stderr.write(`${error.stack}\n`);
}

function describeError(body: ErrorBody): string {
  const where = body.file !== null && !body.message.includes(body.file) ? ` (${body.file})` : '';
  return `Error: ${body.message}${where}\n${body.fix === null ? '' : `  How to fix it: ${body.fix}\n`}`;
}

/** A table with aligned columns and no lines between rows. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const right = head.map((_, column) =>
    rows.every((row) => /^[\d.,%–-]+( |$)/.test(String(row[column] ?? ''))),
  );
  const drawn = new Table({
    head: [...head],
    colAligns: right.map((isNumber) => (isNumber ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  drawn.push(...rows.map((row) => row.map(String)));
  return drawn.toString();
}

/** A metric in percent; what is undefined says so. */
export function percent(value: number | null): string {
  return value === null ? 'undefined' : (value * 100).toFixed(1);
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
    : `${(seconds / 3600).toFixed(1)} h`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
