/** @file Where the files of a dataset version lie in the MVTec layout, whatever layout it came in. */
import type { Sample } from '@plumbline/contracts';
import { stemOf } from '../layouts/file-names.ts';
import { folderIds, free, portableFileName, type TakenNames } from './portable-names.ts';

/** Masks as they came, where the layout's PNG of 0 and 255 is another file. */
const ORIGINAL_MASKS = 'original_masks';

export interface PlannedSample {
  readonly sample: Sample;
  /** Relative to the folder that the categories lie in. */
  readonly imageFile: string;
  /** A PNG, as the layout has it; null without a mask. */
  readonly maskFile: string | null;
  /** The mask as it was imported; null where `maskFile` is that. */
  readonly originalMaskFile: string | null;
}

const SPLIT_FOLDERS = { train: 'train', test: 'test', val: 'validation' } as const;

/** In the order of the samples. Names of files stay; categories and defect types with odd names get an id. */
export function planExport(samples: readonly Sample[]): PlannedSample[] {
  const categories = folderIds(samples.map(({ category }) => category));
  const defects = folderIds(samples.flatMap(({ defectType }) => defectType ?? []));
  const taken: TakenNames = new Map();
  return samples.map((sample) => {
    const { category, split, label, defectType, mask, path } = sample;
    const root = categories.get(category) ?? category;
    const type = label === 'normal' ? 'good' : (defects.get(defectType ?? '') ?? 'defect');
    const name = portableFileName(path.slice(path.lastIndexOf('/') + 1));
    const wanted = stemOf(name);
    // Anomalous ones share a folder of masks, whatever their split.
    const group = `${root}/${label === 'normal' ? split : 'anomalous'}/${type}/`;
    const stem = free(`${group}${wanted}`, taken).slice(group.length);
    const extension = name.slice(wanted.length);
    return {
      sample,
      imageFile: `${root}/${SPLIT_FOLDERS[split]}/${type}/${stem}${extension}`,
      maskFile: mask === null ? null : `${root}/ground_truth/${type}/${stem}_mask.png`,
      originalMaskFile:
        mask === null || isLayoutMask(sample)
          ? null
          : `${ORIGINAL_MASKS}/${mask.sha256}.${mask.format}`,
    };
  });
}

/** Whether the file marks by what is not zero, in a format that tools for the layout read. */
function isLayoutMask({ mask, maskRule }: Sample): boolean {
  return mask?.format === 'png' && maskRule === undefined;
}
