/** @file Patterns of paths: `*` and `?` within a name, `**` across folders. Matched without a regular expression, so that none takes long. */

const ACROSS = '**';

/** Of a path whose last name has no wildcard, all that lies below it too. */
export function matcherOf(pattern: string): (path: string) => boolean {
  const names = pattern
    .normalize('NFC')
    .split('/')
    .filter((name) => name !== '' && name !== '.');
  const wanted = /[*?]/.test(names.at(-1) ?? '') ? names : [...names, ACROSS];
  return (path) => matchesAll(wanted, path.split('/'), ACROSS, matchesName);
}

function matchesName(pattern: string, name: string): boolean {
  return matchesAll([...pattern], [...name], '*', (a, b) => a === '?' || a === b);
}

/** Whether items match in order, where `star` stands for any number of them: back to the last star, never to one before. */
function matchesAll(
  pattern: readonly string[],
  items: readonly string[],
  star: string,
  matches: (pattern: string, item: string) => boolean,
): boolean {
  let at = 0;
  let lastStar = -1;
  let resume = 0;
  let item = 0;
  while (item < items.length) {
    const wanted = pattern[at];
    if (wanted === star) {
      lastStar = at++;
      resume = item;
    } else if (wanted !== undefined && matches(wanted, items[item] ?? '')) {
      at++;
      item++;
    } else if (lastStar >= 0) {
      at = lastStar + 1;
      item = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === star) at++;
  return at === pattern.length;
}
