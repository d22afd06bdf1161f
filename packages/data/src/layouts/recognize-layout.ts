/** @file Finds the layout of a source among those known. A new layout is added to `LAYOUTS`. */
import { DomainError } from '@plumbline/contracts';
import type { Layout, LayoutEntries, SourceListing } from './layout.ts';
import { mvtecLayout } from './mvtec.ts';

const LAYOUTS: readonly Layout[] = [mvtecLayout];

export function recognizeLayout(source: SourceListing): LayoutEntries & { layout: string } {
  for (const layout of LAYOUTS) {
    const root = layout.recognize(source);
    if (root !== null) return { layout: layout.name, ...layout.toEntries(source, root) };
  }
  const what = source.files.length === 0 ? ' It has no files.' : '';
  throw new DomainError('INVALID_INPUT', `No dataset layout recognised in ${source.name}.${what}`, {
    fix: `Arrange the files like this:\n${LAYOUTS.map((layout) => layout.expected).join('\nor\n')}`,
    file: source.name,
    field: 'source',
  });
}
