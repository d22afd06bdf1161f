/** @file JSON of an annotation, parsed and checked. */
import { DomainError } from '@plumbline/contracts';
import type { z } from 'zod';
import { MAX_TABLE_BYTES } from '../sources/csv-table.ts';
import type { LayoutSource } from './layout.ts';

/** @returns null where it is no JSON, or of another shape */
export async function findJson<Schema extends z.ZodType>(
  source: LayoutSource,
  path: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  const parsed = schema.safeParse(parseJson(await textOf(source, path)));
  return parsed.success ? parsed.data : null;
}

/** @throws DomainError INVALID_INPUT naming the file and what of it is wrong */
export async function readJson<Schema extends z.ZodType>(
  source: LayoutSource,
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  return checked(parseJson(await textOf(source, path)), schema, path);
}

/** One JSON value a line, with its number. @throws DomainError INVALID_INPUT naming the line */
export async function readJsonLines<Schema extends z.ZodType>(
  source: LayoutSource,
  path: string,
  schema: Schema,
): Promise<{ line: number; value: z.output<Schema> }[]> {
  const lines = (await textOf(source, path)).split(/\r?\n/);
  return lines.flatMap((text, index) =>
    text.trim() === ''
      ? []
      : [
          {
            line: index + 1,
            value: checked(parseJson(text), schema, path, `, line ${index + 1}`),
          },
        ],
  );
}

/** The first that is not empty. */
export async function firstLineOf(source: LayoutSource, path: string): Promise<string> {
  return /\S.*/.exec(await textOf(source, path))?.[0] ?? '';
}

async function textOf(source: LayoutSource, path: string): Promise<string> {
  return new TextDecoder().decode(await source.read(path, MAX_TABLE_BYTES));
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A document nested too deeply overflows the stack.
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function checked<Schema extends z.ZodType>(
  value: unknown,
  schema: Schema,
  file: string,
  line = '',
): z.output<Schema> {
  if (value === undefined) {
    throw new DomainError('INVALID_INPUT', `${file}${line} is not readable JSON.`, {
      file,
      fix: 'Export it again, or copy it again: it may be cut short.',
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
  throw new DomainError('INVALID_INPUT', `${file}${line}${where}: ${issue?.message}.`, {
    file,
    fix: 'Export it again in its standard form.',
  });
}
