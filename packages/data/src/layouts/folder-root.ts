/** @file Where a tree of categories begins in a source, and what lies at its top. */
import { DomainError } from '@plumbline/contracts';
import { isSystemFile, lastPart, outermostRoot, pathBelow } from './file-names.ts';
import type { LayoutSource } from './layout.ts';

export interface FolderRoot {
  /** Folder inside the source that holds the categories; '' for the source itself. */
  readonly folder: string;
  /** Name of the only category if the folder is one, else null. */
  readonly category: string | null;
}

export interface CategoryParts {
  /** Names of folders that a category consists of. */
  readonly parts: ReadonlySet<string>;
  /** Of these the ones that make a folder a category even where it is the source itself. */
  readonly own: ReadonlySet<string>;
}

/** Depth of the folders below a category that a layout is told by. */
const KNOWN_DEPTH = 3;

/** @returns null where no folder has one of the parts */
export function rootOf(source: LayoutSource, { parts, own }: CategoryParts): FolderRoot | null {
  /** By folder: whether categories lie in it, or it is one itself. */
  const found = new Map<string, boolean>();
  for (const { path } of source.files) {
    if (isSystemFile(path)) continue;
    const segments = path.split('/');
    for (let at = 0; at < segments.length - 1; at++) {
      const part = segments[at] ?? '';
      if (!parts.has(part)) continue;
      if (at > 0) found.set(segments.slice(0, at - 1).join('/'), true);
      const folder = segments.slice(0, at).join('/');
      if (own.has(part) && at < segments.length - 2 && !found.has(folder)) found.set(folder, false);
    }
  }
  const folder = outermostRoot(source, found.keys());
  if (folder === null) return null;
  return { folder, category: found.get(folder) ? null : categoryIn(source, folder) };
}

/**
 * Category of images that nothing names one of: that of the dataset they are added to where it has only one, else the
 * name of their folder ('' is the source itself).
 * @throws DomainError INVALID_INPUT where they are added to a dataset of several categories, and the folder is named after none
 */
export function categoryIn(source: LayoutSource, folder: string): string {
  const name = nameOfFolder(source, folder);
  const { categories } = source;
  if (categories === undefined || categories.includes(name)) return name;
  const [only, ...others] = categories;
  if (only !== undefined && others.length === 0) return only;
  throw new DomainError(
    'INVALID_INPUT',
    `Nothing says which category these images are of: the dataset has ${categories.join(', ')}.`,
    {
      fix: 'Put them into folders of the category, such as <category>/train/good, or add a .csv with the columns image, label and category.',
      file: folder === '' ? source.name : folder,
      field: 'source',
    },
  );
}

function nameOfFolder(source: LayoutSource, folder: string): string {
  const name = lastPart(folder);
  return (name === '' ? source.name : name).normalize('NFC');
}

/** `[category, part, folder, name]` of a source path, or null outside the root. */
export function segmentsIn(path: string, root: FolderRoot): string[] | null {
  const inside = pathBelow(path, root.folder);
  if (inside === null) return null;
  const segments = inside.normalize('NFC').split('/');
  return root.category === null ? segments : [root.category, ...segments];
}

/** Folders from a part on, wherever it lies: `train`, `train/good`, `train/good/rgb`. */
export function foldersFrom(source: LayoutSource, parts: ReadonlySet<string>): Set<string> {
  const folders = new Set<string>();
  for (const { path } of source.files) {
    if (isSystemFile(path)) continue;
    const segments = path.split('/').slice(0, -1);
    const at = segments.findIndex((segment) => parts.has(segment));
    if (at < 0) continue;
    for (let end = at + 1; end <= Math.min(segments.length, at + KNOWN_DEPTH); end++)
      folders.add(segments.slice(at, end).join('/'));
  }
  return folders;
}
