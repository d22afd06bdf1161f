/** @file Names and ids that users choose or read. */
import { z } from 'zod';

/** A dataset or model name: it appears in URLs, folders and commands. */
export const nameSchema = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'Use 1 to 63 lowercase letters, digits, ".", "_" or "-", starting with a letter or digit.',
  );

export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'A SHA-256 hash has 64 hexadecimal digits.');

/** `v3-1a2b3c4d5e6f`: the number people say and the start of the manifest hash that proves it. */
export function versionLabel(number: number, hash: string): string {
  return `v${number}-${hash.slice(0, 12)}`;
}

/** The largest number of a version, a line or an offset: the database counts in 32 bits. */
export const MAX_NUMBER = 2 ** 31 - 1;

/**
 * What a record holds under a name that a user chose: a category may be called `constructor`, which every object answers
 * to. Undefined without an entry of its own.
 */
export function lookUp<Value>(
  record: Readonly<Record<string, Value>>,
  name: string,
): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
