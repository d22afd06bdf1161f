/** @file Changes of one sample, by what it is. */
import type { DatasetChange, Sample } from '@plumbline/contracts';

export type SampleChoice = 'anomalous' | 'normal' | 'train' | 'test' | 'exclude';

interface Choice {
  readonly value: SampleChoice;
  readonly label: string;
  /** What else may be said. */
  readonly field?: { readonly label: string; readonly placeholder: string };
}

const EXCLUDE: Choice = {
  value: 'exclude',
  label: 'excluded',
  field: { label: 'Why', placeholder: 'blurred' },
};
const DEFECT = { label: 'Defect type', placeholder: 'defect' };

export function sampleChoices({ label, split, defectType }: Sample): Choice[] {
  if (label === 'anomalous')
    return [
      { value: 'normal', label: 'normal' },
      {
        value: 'anomalous',
        label: 'of another defect type',
        field: { ...DEFECT, placeholder: defectType ?? DEFECT.placeholder },
      },
      EXCLUDE,
    ];
  return [
    { value: 'anomalous', label: 'anomalous', field: DEFECT },
    split === 'test'
      ? { value: 'train', label: 'a training image' }
      : { value: 'test', label: 'a test image' },
    EXCLUDE,
  ];
}

/** @param words The defect type, or why it is excluded; may be empty */
export function sampleChange({ path }: Sample, choice: SampleChoice, words: string): DatasetChange {
  const paths = [path];
  switch (choice) {
    case 'exclude':
      return { kind: 'exclude', paths, ...(words === '' ? {} : { reason: words }) };
    case 'train':
    case 'test':
      return { kind: 'move', paths, split: choice };
    case 'normal':
      return { kind: 'relabel', paths, label: 'normal' };
    case 'anomalous':
      return {
        ...{ kind: 'relabel', paths, label: 'anomalous' },
        ...(words === '' ? {} : { defectType: words }),
      };
  }
}
