/** @file Settings in which two rows differ, taken apart where a value is itself a list of settings. */
import type { ConfigurationDifference } from '@plumbline/contracts';

/** Only the parts that differ: of `levels` with equal widths and other steps, `levels 1: steps`. */
export function changedSettings(
  differences: readonly ConfigurationDifference[],
): ConfigurationDifference[] {
  return differences.flatMap((difference) => {
    const { setting } = difference;
    const a = partsOf(setting, difference.a);
    const b = partsOf(setting, difference.b);
    if (a === null || b === null) return [difference];
    return [...new Set([...a.keys(), ...b.keys()])]
      .filter((name) => a.get(name) !== b.get(name))
      .map((name) => ({ setting: name, a: a.get(name) ?? null, b: b.get(name) ?? null }));
  });
}

/** By name, the parts of a list of objects as JSON; null for any other value. */
function partsOf(setting: string, text: string | null): Map<string, string> | null {
  if (text === null || !text.startsWith('[{')) return null;
  const list = parseJson(text);
  if (!Array.isArray(list)) return null;
  const parts = new Map<string, string>();
  for (const [index, item] of list.entries()) {
    if (typeof item !== 'object' || item === null) return null;
    for (const [name, value] of Object.entries(item)) {
      const shown = typeof value === 'string' ? value : JSON.stringify(value);
      parts.set(`${setting} ${index + 1}: ${name}`, shown);
    }
  }
  return parts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
