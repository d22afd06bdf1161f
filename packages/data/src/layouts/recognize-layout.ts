/** @file The layouts that are known. */
import { type DatasetLayout, DomainError } from '@plumbline/contracts';
import { btadLayout } from './btad.ts';
import { cocoLayout } from './coco.ts';
import { csvLayout } from './csv-list.ts';
import { flatLayout } from './flat.ts';
import { goodBadLayout } from './good-bad.ts';
import { kolektorSdd2Layout, kolektorSddLayout } from './kolektor.ts';
import { labelmeLayout } from './labelme.ts';
import type { Layout, LayoutSource } from './layout.ts';
import { lookoutLayout } from './lookout.ts';
import { mvtecLayout } from './mvtec.ts';
import { mvtec3dLayout } from './mvtec-3d.ts';
import { mvtecAd2Layout } from './mvtec-ad-2.ts';
import { mvtecLocoLayout } from './mvtec-loco.ts';
import { realIadLayout } from './real-iad.ts';
import { visaLayout } from './visa.ts';

/** Asked in this order: the more peculiar one first. A new layout is a file and a line here. */
const LAYOUTS: readonly Layout[] = [
  visaLayout,
  realIadLayout,
  lookoutLayout,
  cocoLayout,
  csvLayout,
  mvtecLocoLayout,
  mvtecAd2Layout,
  mvtec3dLayout,
  btadLayout,
  kolektorSddLayout,
  kolektorSdd2Layout,
  labelmeLayout,
  mvtecLayout,
  goodBadLayout,
  flatLayout,
];

/** What whoever prepares files is told of them, the usual one first. */
export function datasetLayouts(): DatasetLayout[] {
  const usual = [mvtecLayout, ...LAYOUTS.filter((layout) => layout !== mvtecLayout)];
  return usual.map(({ name, title, expected }) => ({ name, title, expected }));
}

/** @throws DomainError INVALID_INPUT when it is in none. */
export async function recognizeLayout(source: LayoutSource): Promise<Layout> {
  for (const layout of LAYOUTS) if (await layout.recognize(source)) return layout;
  const archive = source.files.find(({ path }) => ARCHIVE.test(path))?.path;
  if (archive !== undefined) throw unopened(source.name, archive);
  const what = source.files.length === 0 ? ' It has no files.' : '';
  throw new DomainError('INVALID_INPUT', `No dataset layout recognized in ${source.name}.${what}`, {
    fix: `Say what each folder is in a mapping (“plumb datasets map”), or arrange the files like this, or like one of the ${LAYOUTS.length - 1} others that “plumb datasets layouts” shows.\n${mvtecLayout.expected}`,
    file: source.name,
    field: 'mapping',
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
