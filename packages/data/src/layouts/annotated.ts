/** @file Samples that an annotation names one by one, with a split or without: the same rules for all such layouts. */
import type { ImportWarning } from '@plumbline/contracts';
import { checkDefectType } from './file-names.ts';
import { type SplitWord, samplePath } from './flat-entries.ts';
import type { LayoutEntry } from './layout.ts';
import type { MaskSource } from './mask-source.ts';
import { noteMoved, noteValidation } from './notes.ts';

export interface Annotated {
  readonly imageFile: string;
  readonly category: string;
  /** Null where nothing says it. */
  readonly split: SplitWord | null;
  /** Null of a normal image. */
  readonly defectType: string | null;
  readonly mask: MaskSource | null;
  readonly group?: string | undefined;
}

/** Anomalous images are tested with, whatever their split; images of validation splits are trained with. */
export class AnnotatedEntries {
  readonly #annotated: Annotated[] = [];

  add(annotated: Annotated): void {
    if (annotated.defectType !== null) checkDefectType(annotated.defectType, annotated.imageFile);
    this.#annotated.push(annotated);
  }

  get imageFiles(): string[] {
    return this.#annotated.map(({ imageFile }) => imageFile);
  }

  /** @param root Folder in which the dataset begins. */
  entries(root: string): LayoutEntry[] {
    return this.#annotated.map(({ imageFile, category, split, defectType, mask, group }) => ({
      path: samplePath(category, root, imageFile),
      category,
      split: defectType === null ? trainedOrTested(split) : 'test',
      ...(group === undefined ? {} : { group }),
      label: defectType === null ? 'normal' : 'anomalous',
      ...{ defectType, imageFile, mask },
    }));
  }

  notes(): ImportWarning[] {
    const files = (of: (one: Annotated) => boolean) =>
      this.#annotated.filter(of).map(({ imageFile }) => imageFile);
    return [
      ...noteValidation(
        files(({ split, defectType }) => split === 'validation' && defectType === null),
      ),
      ...noteMoved(
        files(({ split, defectType }) => split !== null && split !== 'test' && defectType !== null),
      ),
    ];
  }
}

function trainedOrTested(split: SplitWord | null): LayoutEntry['split'] {
  return split === 'validation' ? 'train' : split;
}

/** Of an image with defects of these types. */
export function defectTypeOf(types: Iterable<string>): string | null {
  const different = [...new Set(types)];
  return different.length > 1 ? 'combined' : (different[0] ?? null);
}
