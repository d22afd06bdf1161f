/** @file What names and places of files tell, whatever the layout. */
import { DomainError } from '@plumbline/contracts';
import type { LayoutSource } from './layout.ts';

const IMAGE_EXTENSION =
  /\.(png|jpe?g|jfif|webp|bmp|tiff?|gif|avif|heic|heif|jp2|jxl|ppm|pgm|svg)$/i;

/** Whether a name claims to be an image; what it really is only decoding tells. */
export function claimsToBeImage(path: string): boolean {
  return IMAGE_EXTENSION.test(path);
}

/** Files that systems leave behind: hidden ones, `Thumbs.db`, `__MACOSX`. */
export function isSystemFile(path: string): boolean {
  return path
    .split('/')
    .some(
      (segment) => segment.startsWith('.') || /^(thumbs\.db|desktop\.ini|__macosx)$/i.test(segment),
    );
}

/** A path or name without its extension. */
export function stemOf(path: string): string {
  return path.replace(/\.[^./]+$/, '');
}

const CATEGORY_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;
/** JSON readers drop or refuse this key, so nothing that is counted by name could carry it. */
const RESERVED_NAME = '__proto__';

export function checkCategoryName(category: string, file: string): void {
  if (CATEGORY_NAME.test(category) && category !== RESERVED_NAME) return;
  throw new DomainError('INVALID_INPUT', `"${category}" cannot be the name of a category.`, {
    fix: `Rename the folder: letters from A to Z, digits, ".", "_" and "-" only, not starting with ".", and not "${RESERVED_NAME}".`,
    file,
  });
}

export function checkDefectType(defectType: string, file: string): void {
  if (defectType !== RESERVED_NAME) return;
  throw new DomainError('INVALID_INPUT', `"${defectType}" cannot be the name of a defect type.`, {
    fix: 'Rename the folder.',
    file,
  });
}

/** The source itself (''), and the only folder in it: archives often wrap a dataset in one. */
export function possibleRoots(source: LayoutSource): string[] {
  const paths = source.files.map(({ path }) => path);
  const inFolders = paths.filter((path) => !isSystemFile(path) && path.includes('/'));
  const [wrapper, ...others] = new Set(inFolders.map((path) => path.slice(0, path.indexOf('/'))));
  return wrapper !== undefined && others.length === 0 ? ['', wrapper] : [''];
}
