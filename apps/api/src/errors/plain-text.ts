/**
 * @file Refuses text that neither the database nor a file system takes, before either is asked: NUL, halves of
 * characters, and names of absurd length; and JSON of absurd depth.
 */
import { DomainError } from '@plumbline/contracts';

/** Longer than any name, path or note that a schema lets through. */
const MAX_TEXT = 20_000;
/** No input of any address has so many levels, and each costs some of the stack. */
const MAX_DEPTH = 64;
const NUL = String.fromCharCode(0);
/** A surrogate without its other half. */
const HALF = /\p{Surrogate}/u;

/**
 * @param value what a request brought: parameters, query or JSON; keys are looked at as well
 * @throws DomainError INVALID_INPUT naming the field
 */
export function assertPlainText(value: unknown, path: readonly string[] = []): void {
  if (typeof value === 'string') assertText(value, path);
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return;
  if (path.length >= MAX_DEPTH) {
    throw new DomainError('INVALID_INPUT', `The input is nested deeper than ${MAX_DEPTH} levels.`, {
      field: path[0] ?? 'input',
      fix: 'See /docs for what it accepts.',
    });
  }
  for (const [key, inner] of Object.entries(value)) {
    assertText(key, path);
    assertPlainText(inner, [...path, key]);
  }
}

function assertText(text: string, path: readonly string[]): void {
  const field = path.join('.') || 'input';
  if (text.length > MAX_TEXT) {
    throw new DomainError('INVALID_INPUT', `The field "${field}" has ${text.length} characters.`, {
      field,
      fix: `Use at most ${MAX_TEXT}.`,
    });
  }
  if (!text.includes(NUL) && !HALF.test(text)) return;
  throw new DomainError(
    'INVALID_INPUT',
    `The field "${field}" contains a character that is not text: NUL, or half of a character.`,
    { field, fix: 'Remove it.' },
  );
}
