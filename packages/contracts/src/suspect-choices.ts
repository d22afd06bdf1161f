/** @file What becomes of training images that stand out, as changes to the dataset. */
import type { DatasetChange } from './dataset-edit.ts';

/** `test`: a normal test image. `anomalous`: an anomalous test image. */
export const SUSPECT_CHOICES = ['keep', 'exclude', 'test', 'anomalous'] as const;
export type SuspectChoice = (typeof SUSPECT_CHOICES)[number];

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
