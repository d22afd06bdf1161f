/** @file Folders of normal and of anomalous images: `good` and `bad`, whatever they are called, in one category or in several. */
import { DomainError } from '@plumbline/contracts';
import { AnnotatedEntries } from './annotated.ts';
import { checkCategoryName, meansAnomalous, meansNormal, pathBelow } from './file-names.ts';
import { commonFolder, finished, imagesIn } from './flat-entries.ts';
import { nameOfFolder } from './folder-root.ts';
import type { Layout, LayoutSource } from './layout.ts';

/** Of normal images. */
const TEST_SHARE = 0.2;

export const goodBadLayout: Layout = {
  name: 'good-bad',
  title: 'Folders good and bad',
  expected: [
    '<category>/good/001.png                  normal images (also ok, normal, gut …); the split is made',
    '<category>/bad/001.png                   anomalous images (also ng, defect, anomaly …)',
    '<category>/bad/<defect type>/001.png     where types are known',
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
  /** Folder that the folders of normal and anomalous images lie in. */
  readonly parent: string;
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
    places.push({ file, parent: folders.slice(0, at).join('/'), isNormal, types });
  }
  return places;
}

function readFolders(source: LayoutSource, places: readonly FolderPlace[]) {
  const found = new AnnotatedEntries();
  const parents = new Set(places.map(({ parent }) => parent));
  const [only = ''] = parents;
  const root = parents.size === 1 ? only : commonFolder([...parents].map((parent) => `${parent}/`));
  rejectLoose(parents, root, source);
  for (const { file, parent, isNormal, types } of places) {
    const category =
      parents.size === 1
        ? nameOfFolder(source, root)
        : (pathBelow(parent, root) ?? parent).replaceAll('/', ' ').normalize('NFC');
    checkCategoryName(category, file);
    const folder = file.split('/').at(-2) ?? '';
    found.add({
      ...{ imageFile: file, category, split: null, mask: null },
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
