/** @file What a dataset layout is: it recognizes a tree of files and says which image is which sample. */
import type { Label, Split } from '@plumbline/contracts';
import type { SourceFiles } from '../sources/source-files.ts';

/** A sample before its image has been looked at. */
export interface LayoutEntry {
  /** Path in the manifest: relative to the layout's root, starting with the category. */
  readonly path: string;
  readonly category: string;
  readonly split: Split;
  readonly label: Label;
  readonly defectType: string | null;
  /** Paths to read in the source. */
  readonly imageFile: string;
  readonly maskFile: string | null;
}

export interface LayoutEntries {
  /** Sorted by path. */
  readonly entries: readonly LayoutEntry[];
  /** Source paths of files that are no part of the dataset. */
  readonly ignored: readonly string[];
}

export interface LayoutRoot {
  /** Folder inside the source that holds the layout; '' for the source itself. */
  readonly folder: string;
  /** Name of the only category if the folder is one, else null. */
  readonly category: string | null;
}

export type SourceListing = Pick<SourceFiles, 'name' | 'files' | 'directories'>;

export interface Layout {
  readonly name: string;
  /** Shown when nothing was recognized. */
  readonly expected: string;
  /** Where the layout starts, or null if this is another layout. */
  recognize(source: SourceListing): LayoutRoot | null;
  /** Throws a `DomainError` for a file that has no place. */
  toEntries(source: SourceListing, root: LayoutRoot): LayoutEntries;
}

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
