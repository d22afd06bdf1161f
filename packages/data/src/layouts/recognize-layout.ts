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

/** A file of theirs that can't be read may have nothing to do with the images: folders that say what is what come first. */
const ANNOTATIONS: ReadonlySet<Layout> = new Set([
  lookoutLayout,
  cocoLayout,
  csvLayout,
  labelmeLayout,
]);
const TREES = [mvtecLocoLayout, mvtecAd2Layout, mvtec3dLayout, btadLayout, mvtecLayout];

/** What whoever prepares files is told of them, the usual one first. */
export function datasetLayouts(): DatasetLayout[] {
  const usual = [mvtecLayout, ...LAYOUTS.filter((layout) => layout !== mvtecLayout)];
  return usual.map(({ name, title, expected }) => ({ name, title, expected }));
}

/** @throws DomainError INVALID_INPUT when it is in none. */
export async function recognizeLayout(source: LayoutSource): Promise<Layout> {
  let unread: DomainError | null = null;
  for (const layout of LAYOUTS) {
    if (unread !== null && layout === flatLayout) throw unread;
    const found = await asked(layout, source);
    if (found instanceof DomainError) unread ??= found;
    else if (found && !(await listsOnlySome(layout, source))) return layout;
  }
  if (unread !== null) throw unread;
  const archive = source.files.find(({ path }) => ARCHIVE.test(path))?.path;
  if (archive !== undefined) throw unopened(source.name, archive);
  const what = source.files.length === 0 ? ' It has no files.' : '';
  throw new DomainError('INVALID_INPUT', `No dataset layout recognized in ${source.name}.${what}`, {
    fix: `Say what each folder is in a mapping (“plumb datasets map”), or arrange the files like this, or like one of the ${LAYOUTS.length - 1} others that “plumb datasets layouts” shows.\n${mvtecLayout.expected}`,
    file: source.name,
    field: 'mapping',
  });
}

/** The error of an annotation that can't be read is told only where nothing else says what the images are. */
async function asked(layout: Layout, source: LayoutSource): Promise<boolean | DomainError> {
  try {
    return await layout.recognize(source);
  } catch (error) {
    if (error instanceof DomainError && ANNOTATIONS.has(layout)) return error;
    throw error;
  }
}

/** Outlines of the defects alone, beside a tree of folders that holds all images. */
async function listsOnlySome(layout: Layout, source: LayoutSource): Promise<boolean> {
  if (layout.countImages === undefined) return false;
  const inTree = await imagesInTree(source);
  return inTree > 0 && (await layout.countImages(source)) < inTree;
}

/** 0 where no tree of folders has a place for each image. */
async function imagesInTree(source: LayoutSource): Promise<number> {
  try {
    for (const tree of TREES)
      if (await tree.recognize(source)) return (await tree.toEntries(source)).entries.length;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
  return 0;
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
