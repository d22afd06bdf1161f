/** @file Samples that an annotation names one by one, with a split or without: the same rules for all such layouts. */
import type { ImportWarning } from '@plumbline/contracts';
import { checkDefectType } from './file-names.ts';
import { samplePath } from './flat-entries.ts';
import type { LayoutEntry } from './layout.ts';
import type { MaskSource } from './mask-source.ts';
import { noteMoved, noteValidation } from './notes.ts';
import type { SplitWord } from './split-words.ts';

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

/**
 * Anomalous images are tested with, whatever their split. Images of validation splits are trained with, unless the dataset has a
 * training split and no test split: then they are what its authors test with.
 */
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
    const validation = this.#testsWithValidation() ? 'test' : 'train';
    return this.#annotated.map(({ imageFile, category, split, defectType, mask, group }) => ({
      path: samplePath(category, root, imageFile),
      category,
      split: defectType === null ? (split === 'validation' ? validation : split) : 'test',
      ...(group === undefined ? {} : { group }),
      label: defectType === null ? 'normal' : 'anomalous',
      ...{ defectType, imageFile, mask },
    }));
  }

  #testsWithValidation(): boolean {
    const splits = new Set(this.#annotated.map(({ split }) => split));
    return splits.has('train') && splits.has('validation') && !splits.has('test');
  }

  notes(): ImportWarning[] {
    const tests = this.#testsWithValidation();
    const files = (of: (one: Annotated) => boolean) =>
      this.#annotated.filter(of).map(({ imageFile }) => imageFile);
    return [
      ...noteValidation(
        files(({ split, defectType }) => split === 'validation' && defectType === null && !tests),
      ),
      ...noteMoved(
        files(({ split, defectType }) => isTrained(split, tests) && defectType !== null),
      ),
    ];
  }
}

function isTrained(split: SplitWord | null, testsWithValidation: boolean): boolean {
  return split === 'train' || (split === 'validation' && !testsWithValidation);
}

/** Of an image with defects of these types. */
export function defectTypeOf(types: Iterable<string>): string | null {
  const different = [...new Set(types)];
  return different.length > 1 ? 'combined' : (different[0] ?? null);
}
