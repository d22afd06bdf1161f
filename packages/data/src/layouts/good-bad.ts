/** @file Folders of normal and of anomalous images: `good` and `bad`, whatever they are called, in one category or in several. */
import { DomainError } from '@plumbline/contracts';
import { AnnotatedEntries } from './annotated.ts';
import {
  checkCategoryName,
  meansAnomalous,
  meansMasks,
  meansNormal,
  pathBelow,
} from './file-names.ts';
import { commonFolder, finished, imagesIn } from './flat-entries.ts';
import { categoryIn } from './folder-root.ts';
import type { Layout, LayoutSource } from './layout.ts';
import { rejectMasks } from './reject-masks.ts';
import { type SplitWord, splitNamed } from './split-words.ts';

/** Of normal images. */
const TEST_SHARE = 0.2;

export const goodBadLayout: Layout = {
  name: 'good-bad',
  title: 'Folders good and bad',
  expected: [
    '<category>/good/001.png                  normal images (also ok, normal, gut …); without folders train and test, the split is made',
    '<category>/bad/001.png                   anomalous images (also ng, defect, anomaly …)',
    '<category>/bad/<defect type>/001.png     where types are known',
    '<category>/train/good/001.png            folders train and test below the category are its split',
  ].join('\n'),
  testShare: TEST_SHARE,
  advice: { markedNormal: 'Move the image to the folder of anomalous ones.' },
  recognize: async (source) => {
    const placed = placesOf(source);
    return placed?.some(({ isNormal }) => !isNormal) === true;
  },
  async toEntries(source) {
    const places = placesOf(source);
    if (places === null) throw new Error('Not in folders good and bad');
    return readFolders(source, places);
  },
};

interface FolderPlace {
  readonly file: string;
  /** Of the category: the folder that those of normal and anomalous images lie in, or that the folders of its splits do. */
  readonly parent: string;
  readonly split: SplitWord | null;
  readonly isNormal: boolean;
  /** Folders below that of anomalous images. */
  readonly types: readonly string[];
}

/** Null where an image lies in no such folder: nothing says what it is. */
function placesOf(source: LayoutSource): FolderPlace[] | null {
  const places: FolderPlace[] = [];
  for (const file of imagesIn(source)) {
    const folders = file.split('/').slice(0, -1);
    const at = folders.findIndex((name) => meansNormal(name) || meansAnomalous(name));
    if (at < 0) return null;
    const isNormal = meansNormal(folders[at] ?? '');
    const types = folders.slice(at + 1);
    if (types.length > (isNormal ? 0 : 1)) return null;
    const split = splitNamed(folders[at - 1] ?? '');
    const parent = folders.slice(0, split === null ? at : at - 1).join('/');
    places.push({ file, parent, split, isNormal, types });
  }
  return places;
}

function readFolders(source: LayoutSource, places: readonly FolderPlace[]) {
  rejectMasksIn(places);
  const splits = new Set(places.map(({ split }) => split));
  const found = new AnnotatedEntries();
  const parents = new Set(places.map(({ parent }) => parent));
  const [only = ''] = parents;
  const root = parents.size === 1 ? only : commonFolder([...parents].map((parent) => `${parent}/`));
  rejectLoose(parents, root, source);
  for (const { file, parent, split, isNormal, types } of places) {
    const category =
      parents.size === 1
        ? categoryIn(source, root)
        : (pathBelow(parent, root) ?? parent).replaceAll('/', ' ').normalize('NFC');
    checkCategoryName(category, file);
    const folder = file.split('/').at(-2) ?? '';
    found.add({
      ...{ imageFile: file, category, mask: null },
      // One that all images share parts nothing.
      split: splits.size === 1 ? null : split,
      defectType: isNormal ? null : (types[0] ?? folder),
    });
  }
  return finished({ root, entries: found.entries(root), notes: found.notes() }, source, new Set());
}

/** @throws DomainError INVALID_INPUT where categories lie beside folders good and bad of their own. */
function rejectLoose(parents: ReadonlySet<string>, root: string, source: LayoutSource): void {
  if (parents.size === 1 || !parents.has(root)) return;
  throw new DomainError(
    'INVALID_INPUT',
    `${source.name} has folders of normal and anomalous images at its top, and others in folders beside them.`,
    {
      fix: 'Put those at the top into a folder named after their category.',
      file: source.name,
      field: 'source',
    },
  );
}

const MAPPING = 'Say in a mapping what each folder is (“plumb datasets map”), or remove the masks.';

/** @throws DomainError INVALID_INPUT for what is no image of a defect: this layout has no place for masks, nor for normal images among bad ones. */
function rejectMasksIn(places: readonly FolderPlace[]): void {
  rejectMasks(
    places.map(({ file }) => file),
    { why: 'this layout has no place for it', fix: MAPPING },
  );
  const isShared = new Set(places.map(({ parent }) => parent)).size === 1;
  for (const { file, parent, types } of places) {
    const masks = [isShared ? '' : (parent.split('/').at(-1) ?? ''), ...types].find(meansMasks);
    const other = types.find((type) => meansNormal(type) || splitNamed(type) !== null);
    const odd = masks ?? other;
    if (odd === undefined) continue;
    const what = masks === undefined ? 'means no type of defect' : 'seems to hold masks';
    throw new DomainError('INVALID_INPUT', `${file} lies in a folder "${odd}", which ${what}.`, {
      fix: MAPPING,
      file,
      field: 'mapping',
    });
  }
}
