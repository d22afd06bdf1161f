/** @file Moves both images of all pairs of near duplicates to one side, in the next version of the dataset. */
'use client';

import type { NearDuplicate } from '@plumbline/contracts';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { EditProgress } from './edit-progress.tsx';
import { useEditDataset } from './use-edit-dataset.ts';

interface MovePairsProps {
  dataset: string;
  pairs: readonly NearDuplicate[];
}

export function MovePairs({ dataset, pairs }: MovePairsProps) {
  const { edit, started, isBusy, error } = useEditDataset(dataset);
  const paths = (side: 'test' | 'training') => [...new Set(pairs.map((pair) => pair[side].path))];
  if (started !== null) return <EditProgress initial={started} />;
  return (
    <div className="space-y-2">
      <p className="text-ink-soft">
        Move both images of each pair to one side. That makes a new version; this one stays as it
        is. Moving the training images keeps the test images that you have, and adds to them.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          variant="secondary"
          disabled={isBusy}
          onClick={() =>
            edit([{ kind: 'move', paths: paths('test'), split: 'train' }], 'Near duplicates')
          }
        >
          Both to training
        </Button>
        <Button
          variant="secondary"
          disabled={isBusy}
          onClick={() =>
            edit([{ kind: 'move', paths: paths('training'), split: 'test' }], 'Near duplicates')
          }
        >
          Both to test
        </Button>
      </div>
      {error ? <ErrorNotice error={error} /> : null}
    </div>
  );
}
