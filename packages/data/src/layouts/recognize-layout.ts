/** @file The layouts that are known. */
import { type DatasetLayout, DomainError } from '@plumbline/contracts';
import type { Layout, LayoutSource } from './layout.ts';
import { mvtecLayout } from './mvtec.ts';
import { visaLayout } from './visa.ts';

/** Asked in this order: the more peculiar one first. A new layout is a file and a line here. */
const LAYOUTS: readonly Layout[] = [visaLayout, mvtecLayout];

/** What whoever prepares files is told of them. */
export function datasetLayouts(): DatasetLayout[] {
  return LAYOUTS.map(({ name, title, expected }) => ({ name, title, expected }));
}

/** @throws DomainError INVALID_INPUT when it is in none. */
export async function recognizeLayout(source: LayoutSource): Promise<Layout> {
  for (const layout of LAYOUTS) if (await layout.recognize(source)) return layout;
  const archive = source.files.find(({ path }) => ARCHIVE.test(path))?.path;
  if (archive !== undefined) throw unopened(source.name, archive);
  const what = source.files.length === 0 ? ' It has no files.' : '';
  const known = LAYOUTS.map(({ title, expected }) => `${title}:\n${expected}`);
  throw new DomainError('INVALID_INPUT', `No dataset layout recognized in ${source.name}.${what}`, {
    fix: `Arrange the files like this.\n${known.join('\nor ')}`,
    file: source.name,
    field: 'source',
  });
}

const ARCHIVE = /\.(zip|tar|tgz|gz|bz2|xz|7z|rar)$/i;

function unopened(name: string, archive: string): DomainError {
  const message = `No dataset layout recognized in ${name}. It holds another archive, ${archive}, which is not opened.`;
  return new DomainError('INVALID_INPUT', message, {
    fix: `Unpack ${archive}, and import its folder or, if it is a .zip, ${archive} itself.`,
    file: archive,
    field: 'source',
  });
}
