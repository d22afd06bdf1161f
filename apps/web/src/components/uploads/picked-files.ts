/** @file What somebody chose or dropped: one .zip, or a folder's files with their paths. */
import type { FileWithPath } from 'file-selector';

export interface FolderFile {
  /** From the folder that was chosen, which is its first part: `parts/bolt/train/good/0.png`. */
  readonly path: string;
  readonly file: File;
}

export type PickedFiles =
  | { readonly kind: 'zip'; readonly name: string; readonly file: File }
  | { readonly kind: 'folder'; readonly name: string; readonly files: readonly FolderFile[] };

/** Of several folders or loose files, which have no name in common. */
const NAMELESS = 'dataset';

type FoundFile = File & Pick<FileWithPath, 'relativePath'>;

/** Null of nothing, and of empty folders. */
export function pickedFiles(found: readonly FoundFile[]): PickedFiles | null {
  const files = found
    .map((file) => ({ path: pathOf(file), file }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const [first] = files;
  if (first === undefined) return null;
  if (files.length === 1 && /^[^/]+\.zip$/i.test(first.path))
    return { kind: 'zip', name: first.path, file: first.file };
  return { kind: 'folder', name: sharedFolder(files) ?? NAMELESS, files };
}

/** Browsers give `/parts/0.png`, `./parts/0.png` or `parts/0.png`. */
function pathOf({ relativePath, name }: FoundFile): string {
  return (relativePath || name).replace(/^\.?\//, '');
}

function sharedFolder(files: readonly FolderFile[]): string | null {
  const [first = ''] = files.map(({ path }) => path);
  if (!first.includes('/')) return null;
  const folder = first.slice(0, first.indexOf('/'));
  return files.every(({ path }) => path.startsWith(`${folder}/`)) ? folder : null;
}

export function bytesOf(picked: PickedFiles): number {
  if (picked.kind === 'zip') return picked.file.size;
  return picked.files.reduce((sum, { file }) => sum + file.size, 0);
}
