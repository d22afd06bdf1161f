/** @file Names that every system can unpack: folders get plain ones, files keep theirs where they can. */

/** Of folders that tools read without quoting. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** Windows takes these for devices, with any extension. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a name
const REFUSED = /[<>:"/\\|?*\u0000-\u001f]/g;
/** File systems end names at 255 bytes. */
const MAX_NAME_BYTES = 200;

/**
 * Ids for the names of categories or defect types: a plain name is its own, others become one, different for
 * different names.
 */
export function folderIds(names: Iterable<string>): ReadonlyMap<string, string> {
  const all = [...new Set(names)];
  const ids = new Map(all.filter(isPlain).map((name) => [name, name]));
  const taken: TakenNames = new Map([...ids.values()].map((id) => [id.toLowerCase(), 2]));
  for (const name of all) {
    if (ids.has(name)) continue;
    ids.set(name, free(plainOf(name), taken));
  }
  return ids;
}

function isPlain(name: string): boolean {
  return PLAIN.test(name) && !name.endsWith('.') && !DEVICE.test(name);
}

/** `Förder band` is `Forder_band`; what has no letter of ours is `folder`. */
function plainOf(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._-]+|[._-]+$/g, '');
  return plain === '' || DEVICE.test(plain) ? `folder${plain === '' ? '' : `_${plain}`}` : plain;
}

/** In lower case, each with the number to try next. */
export type TakenNames = Map<string, number>;

/** @param taken The free name is added. */
export function free(wanted: string, taken: TakenNames): string {
  let name = wanted;
  let number = taken.get(wanted.toLowerCase()) ?? 2;
  for (; taken.has(name.toLowerCase()); number++) name = `${wanted}_${number}`;
  taken.set(wanted.toLowerCase(), number);
  taken.set(name.toLowerCase(), 2);
  return name;
}

/** The name of a file as it is, but for what some system refuses. */
export function portableFileName(name: string): string {
  const safe = name
    .normalize('NFC')
    .replace(REFUSED, '_')
    .replace(/[. ]+$/, '');
  const named = safe === '' || safe.startsWith('.') || DEVICE.test(safe) ? `_${safe}` : safe;
  return shorten(named);
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const extension = /\.[^.]{1,8}$/.exec(name)?.[0] ?? '';
  let stem = name.slice(0, name.length - extension.length);
  while (Buffer.byteLength(stem + extension) > MAX_NAME_BYTES)
    stem = [...stem].slice(0, -1).join('');
  return stem + extension;
}
