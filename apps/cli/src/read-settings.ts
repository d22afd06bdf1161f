/** @file `--set key=value` into settings of a method. How a value is read follows from its setting. */
import { DomainError, readSetting, type SettingField } from '@plumbline/contracts';

/**
 * @param pairs `layers=4`, `blocks=mca,nsa`, `widths.16=256`.
 * @param fields Of the method. What is none of them stays a text, for the contract to refuse by name.
 * @throws DomainError for a pair without key or value.
 */
export function readSettings(
  pairs: readonly string[],
  fields: readonly SettingField[],
): Record<string, unknown> {
  const settings = new Map<string, unknown>();
  for (const pair of pairs) {
    const [, key, part, text] = /^([A-Za-z]\w*)(?:\.(\w+))?=(.+)$/.exec(pair) ?? [];
    if (key === undefined || text === undefined) {
      throw new DomainError('INVALID_INPUT', `--set ${pair}: this is no key=value.`, {
        field: 'set',
        fix: 'Write it like --set layers=4, --set blocks=mca,nsa or --set widths.16=256.',
      });
    }
    const field = fields.find(({ name }) => name === key);
    const typed = part === undefined ? text : `${part}=${text}`;
    const value = field === undefined ? text : readSetting(field, typed);
    settings.set(key, join(settings.get(key), value));
  }
  return Object.fromEntries(settings);
}

/** `widths.16=256` and then `widths.32=128` are both meant; of anything else the last. */
function join(before: unknown, value: unknown): unknown {
  return isByKey(before) && isByKey(value) ? { ...before, ...value } : value;
}

function isByKey(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
