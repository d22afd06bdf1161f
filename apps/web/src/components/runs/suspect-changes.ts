/** @file What becomes of training images that stand out, as changes to the dataset. */
import type { DatasetChange } from '@plumbline/contracts';

export const SUSPECT_CHOICES = [
  { value: 'keep', label: 'Keep' },
  { value: 'exclude', label: 'Exclude' },
  { value: 'test', label: 'Move to test, normal' },
  { value: 'anomalous', label: 'Move to test, anomalous' },
] as const;

export type SuspectChoice = (typeof SUSPECT_CHOICES)[number]['value'];

/** @param choices By path; kept ones change nothing. */
export function suspectChanges(choices: Readonly<Record<string, SuspectChoice>>): DatasetChange[] {
  const chosen = (wanted: SuspectChoice) =>
    Object.entries(choices)
      .filter(([, choice]) => choice === wanted)
      .map(([path]) => path);
  const [excluded, test, anomalous] = [chosen('exclude'), chosen('test'), chosen('anomalous')];
  const changes: DatasetChange[] = [
    { kind: 'exclude', paths: excluded, reason: 'stood out among training images' },
    { kind: 'move', paths: test, split: 'test' },
    { kind: 'relabel', paths: anomalous, label: 'anomalous' },
  ];
  return changes.filter((change) => !('paths' in change) || change.paths.length > 0);
}
