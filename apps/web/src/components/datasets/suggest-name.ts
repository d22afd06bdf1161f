/** @file A dataset name drawn from where the data comes from. */

/** `C:\\data\\My Parts.zip` → `my-parts`; the empty string when nothing usable remains. Of the sample dataset, `source` is its size. */
export function suggestName(kind: 'upload' | 'path' | 'sample', source: string): string {
  if (kind === 'sample') return source === 'large' ? 'sample-large' : 'sample';
  const last = source.split(/[\\/]/).filter(Boolean).pop() ?? '';
  return last
    .toLowerCase()
    .replace(/\.zip$/, '')
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .replace(/-+$/, '')
    .slice(0, 63);
}
