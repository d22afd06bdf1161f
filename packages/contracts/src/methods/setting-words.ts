/** @file Settings in words: what each may be, and what a typed text means. */
import type { SettingField, SettingValue } from './setting-fields.ts';

/** `a whole number from 1 to 12`, `one of 64, 128, 256, 512`, to follow "Give". */
export function describeValue({ value, unit }: Pick<SettingField, 'value' | 'unit'>): string {
  const words = wordsOf(value);
  return unit === undefined ? words : `${words} (${unit})`;
}

function wordsOf(value: SettingValue): string {
  switch (value.kind) {
    case 'flag':
      return 'true or false';
    case 'choice':
      return `one of ${value.choices.join(', ')}`;
    case 'list':
      return `some of ${value.choices.join(', ')}, each once`;
    case 'byKey':
      return `${wordsOf(value.each)}, for some of ${value.keys.join(', ')}, as in 16=4`;
    case 'number':
      return numberWords(value);
  }
}

type NumberValue = Extract<SettingValue, { kind: 'number' }>;

function numberWords({ isWhole, min, isAboveMin, max, multipleOf, orNone }: NumberValue): string {
  const what = isWhole ? 'a whole number' : 'a number';
  const from = min === null ? '' : isAboveMin ? ` above ${min}` : ` from ${min}`;
  const to = max === null ? '' : ` ${from === '' || isAboveMin ? 'up to' : 'to'} ${max}`;
  const multiple = multipleOf === null ? '' : `, a multiple of ${multipleOf}`;
  return `${what}${from}${to}${multiple}${orNone ? ', or none' : ''}`;
}

/** What was typed, for the schema to judge: what can't be read stays a text, which it refuses. */
export function readSetting({ value }: Pick<SettingField, 'value'>, text: string): unknown {
  const trimmed = text.trim();
  switch (value.kind) {
    case 'flag':
      return FLAGS.get(trimmed) ?? trimmed;
    case 'choice':
      return choiceOf(value.choices, trimmed);
    case 'list':
      return partsOf(trimmed).map((part) => choiceOf(value.choices, part));
    case 'number':
      return value.orNone && trimmed === 'none' ? null : numberIn(trimmed);
    case 'byKey':
      return Object.fromEntries(trimmed.split(',').map(pairOf));
  }
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);

function choiceOf(choices: readonly (string | number)[], text: string): string | number {
  return choices.find((choice) => String(choice) === text) ?? text;
}

function partsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((part) => part !== '');
}

/** `Number('')` would be 0. */
function numberIn(text: string): number | string {
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** `16: 256` and `16=256`. */
function pairOf(pair: string): [string, number | string] {
  const [key = '', value = ''] = pair.split(/[:=]/).map((part) => part.trim());
  return [key, numberIn(value)];
}

/** The same for people to read, as it can be typed: `8, 16`, `16: 256, 32: 128`, `yes`. */
export function writeSetting(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.join(', ');
  if (typeof value === 'object' && value !== undefined)
    return Object.entries(value)
      .map(([key, each]) => `${key}: ${each}`)
      .join(', ');
  return String(value);
}
