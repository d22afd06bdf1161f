/** @file What a dataset layout is: it recognizes a tree of files and says which image is which sample. */
import type { DatasetLayout, Label, Split } from '@plumbline/contracts';
import type { SourceFiles } from '../sources/source-files.ts';

/** A sample before its image has been looked at. */
export interface LayoutEntry {
  /** Path in the manifest: relative to the layout's root, starting with the category, in Unicode's form NFC. */
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
  /** Folder of the source in which the dataset begins; '' is the source itself. */
  readonly root: string;
  /** Sorted by path. */
  readonly entries: readonly LayoutEntry[];
  /** Source paths of files that are no part of the dataset. */
  readonly ignored: readonly string[];
}

/** What a layout may look at: names of files, and what they hold. */
export type LayoutSource = Pick<SourceFiles, 'name' | 'files' | 'directories' | 'read'>;

/** How to fix what only shows once images have been looked at. */
export interface LayoutAdvice {
  /** A mask marks pixels of an image that is said to be normal. */
  readonly markedNormal: string;
}

export interface Layout extends DatasetLayout {
  readonly advice: LayoutAdvice;
  /** Whether the source is in this layout; asked of each layout in turn. */
  recognize(source: LayoutSource): Promise<boolean>;
  /** Of a source that it recognized. Throws a `DomainError` for a file that has no place. */
  toEntries(source: LayoutSource): Promise<LayoutEntries>;
}
