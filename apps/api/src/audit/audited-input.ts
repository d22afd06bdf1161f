/** @file What of an input the audit log keeps: its fields without secrets, and of long ones how long they are. */

import { cut, withoutSecrets } from './plain-words.ts';

const LONGEST_TEXT = 500;
const MOST_CHARACTERS = 4_000;
const SECRET = /password|secret|token/i;
const DEEPEST = 6;
const MOST_ITEMS = 20;

/** @returns JSON of at most 4,000 characters */
export function auditedInput(input: unknown): Record<string, unknown> {
  if (input === undefined || input === null) return {};
  const kept = keep(input, DEEPEST);
  const fields =
    typeof kept === 'object' && kept !== null && !Array.isArray(kept)
      ? (kept as Record<string, unknown>)
      : { value: kept };
  if (JSON.stringify(fields).length <= MOST_CHARACTERS) return fields;
  const short = Object.entries(fields).map(([name, value]) => [cut(name, 100), shorten(value)]);
  return Object.fromEntries(short.slice(0, MOST_ITEMS));
}

function keep(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value ?? null;
  if (depth === 0) return '…';
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map((item) => keep(item, depth - 1));
    return value.length > MOST_ITEMS ? [...items, `… ${value.length} in all`] : items;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      text(name),
      SECRET.test(name) ? '…' : keep(inner, depth - 1),
    ]),
  );
}

/** Without what the database takes for no text: what is refused for it is written down too. */
function text(value: string): string {
  const plain = withoutSecrets(value.replace(/[\p{Cc}\p{Surrogate}]/gu, '�'));
  return plain.length > LONGEST_TEXT
    ? `${cut(plain, LONGEST_TEXT)}… ${plain.length} characters`
    : plain;
}

function shorten(value: unknown): unknown {
  const json = JSON.stringify(value) ?? '';
  return json.length <= 150 ? value : `${cut(json, 100)}… ${json.length} characters`;
}
