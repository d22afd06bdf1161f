/** @file What a dataset layout is: it recognizes a tree of files and says which image is which sample. */
import type { DatasetLayout, ImportWarning, Label, Split } from '@plumbline/contracts';
import type { SourceFiles } from '../sources/source-files.ts';
import type { MaskSource } from './mask-source.ts';

/** A sample before its image has been looked at. */
export interface LayoutEntry {
  /** Path in the manifest: relative to the layout's root, starting with the category, in Unicode's form NFC. */
  readonly path: string;
  readonly category: string;
  /** Null of a normal image whose layout has no split: it is made once images have been looked at. */
  readonly split: Split | null;
  /** What stays on one side where the split is made (a part, a lot); absent where nothing says it. */
  readonly group?: string;
  readonly label: Label;
  readonly defectType: string | null;
  /** Path to read in the source. */
  readonly imageFile: string;
  readonly mask: MaskSource | null;
}

export interface LayoutEntries {
  /** Folder of the source in which the dataset begins; '' is the source itself. */
  readonly root: string;
  /** Sorted by path. */
  readonly entries: readonly LayoutEntry[];
  /** Source paths of files that are no part of the dataset. */
  readonly ignored: readonly string[];
  /** What was decided about files that the layout does not foresee. */
  readonly notes: readonly ImportWarning[];
}

/** What a layout may look at: names of files, and what they hold. */
export type LayoutSource = Pick<SourceFiles, 'name' | 'files' | 'directories' | 'read'> & {
  /** Of the dataset that the images are added to: where no file names a category, it is one of these. */
  readonly categories?: readonly string[] | undefined;
};

/** How to fix what only shows once images have been looked at. */
export interface LayoutAdvice {
  /** A mask marks pixels of an image that is said to be normal. */
  readonly markedNormal: string;
}

export interface Layout extends DatasetLayout {
  readonly advice: LayoutAdvice;
  /** Of normal images without a split, where nobody asks for another one. */
  readonly testShare?: number;
  /** Whether an image is normal is told by its mask as it was published: they can't be asked to be inverted. */
  readonly ownMasks?: true;
  /** How many images its annotations name: where folders of another layout hold more, they are no list of the dataset. */
  countImages?(source: LayoutSource): Promise<number>;
  /** Whether the source is in this layout, or meant to be; asked of each layout in turn. */
  recognize(source: LayoutSource): Promise<boolean>;
  /** Of a source that it recognized. Throws a `DomainError` for a file that has no place, and for what is missing. */
  toEntries(source: LayoutSource): Promise<LayoutEntries>;
}
