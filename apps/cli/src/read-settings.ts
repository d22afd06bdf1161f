/** @file `--set key=value` into settings of the method. What they may be is for the contract to say. */
import { DomainError } from '@plumbline/contracts';

/** Settings that are lists even when one value is given. */
const LISTS: readonly string[] = ['blocks', 'strides'];

/**
 * @param pairs `layers=4`, `blocks=mca,nsa`, `widths.16=256`.
 * @returns Nested by dots; numbers, booleans, lists and texts.
 * @throws DomainError for a pair without key or value.
 */
export function readSettings(pairs: readonly string[]): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [, key, part, text] = /^([A-Za-z]\w*)(?:\.(\w+))?=(.+)$/.exec(pair) ?? [];
    if (key === undefined || text === undefined) {
      throw new DomainError('INVALID_INPUT', `--set ${pair}: this is no key=value.`, {
        field: 'set',
        fix: 'Write it like --set layers=4, --set blocks=mca,nsa or --set widths.16=256.',
      });
    }
    const value = LISTS.includes(key) ? text.split(',').map(scalar) : scalar(text);
    settings[key] = part === undefined ? value : { ...(settings[key] ?? {}), [part]: value };
  }
  return settings;
}

function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
