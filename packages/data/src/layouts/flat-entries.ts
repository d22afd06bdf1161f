/** @file What layouts have in common that name each image (tables, annotations) rather than place it in a tree. */
import { DomainError } from '@plumbline/contracts';
import { compareText } from '../store/canonical-json.ts';
import { claimsToBeImage, isSystemFile, pathBelow } from './file-names.ts';
import type { LayoutEntries, LayoutEntry, LayoutSource } from './layout.ts';

/** Of an image in the source, in a manifest: it starts with the category. */
export function samplePath(category: string, root: string, file: string): string {
  const path = (pathBelow(file, root) ?? file).normalize('NFC');
  return path.startsWith(`${category}/`) ? path : `${category}/${path}`;
}

/** The folder that all of these files lie in; '' is the source itself. */
export function commonFolder(files: readonly string[]): string {
  const [first = '', ...others] = files;
  let common = first.split('/').slice(0, -1);
  for (const file of others) {
    const segments = file.split('/').slice(0, -1);
    const end = common.findIndex((segment, at) => segments[at] !== segment);
    if (end >= 0) common = common.slice(0, end);
  }
  return common.join('/');
}

/** Images of the source, whatever they are. */
export function imagesIn({ files }: LayoutSource): string[] {
  return files
    .map(({ path }) => path)
    .filter((path) => !isSystemFile(path) && claimsToBeImage(path));
}

/** @throws DomainError INVALID_INPUT naming a category without normal images to learn from. */
export function finished(
  { root, entries, notes }: Omit<LayoutEntries, 'ignored'>,
  source: LayoutSource,
  also: ReadonlySet<string>,
): LayoutEntries {
  const trained = new Set(
    entries.filter((e) => e.label === 'normal' && e.split !== 'test').map((e) => e.category),
  );
  const untrained = entries.find(({ category }) => !trained.has(category));
  if (entries.length === 0 || untrained !== undefined) {
    throw new DomainError(
      'INVALID_INPUT',
      untrained === undefined
        ? `${source.name} has no images that its annotations name.`
        : `The category ${untrained.category} has no normal training images.`,
      { fix: 'Add normal images to learn from.', file: root === '' ? source.name : root },
    );
  }
  rejectEqualPaths(entries);
  const used = new Set([...also, ...entries.flatMap(filesOf)]);
  return {
    root,
    entries: [...entries].sort((a, b) => compareText(a.path, b.path)),
    ignored: source.files.map(({ path }) => path).filter((path) => !used.has(path)),
    notes,
  };
}

/** A table may give two images the category and name of one. */
function rejectEqualPaths(entries: readonly LayoutEntry[]): void {
  const seen = new Map<string, string>();
  for (const { path, imageFile } of entries) {
    const other = seen.get(path);
    if (other !== undefined) {
      throw new DomainError('INVALID_INPUT', `${imageFile} and ${other} are both ${path}.`, {
        fix: 'Rename one of the two, or give it another category.',
        file: imageFile,
      });
    }
    seen.set(path, imageFile);
  }
}

function filesOf({ imageFile, mask }: LayoutEntry): readonly string[] {
  return mask?.kind === 'files' ? [imageFile, ...mask.files] : [imageFile];
}
