/** @file How far the evaluation of imported results is. */
import type { ResultImport } from '@plumbline/contracts';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { formatCount, formatPlural } from '~/format/format-number.ts';

export function ResultImportBar({ current }: { current: ResultImport }) {
  const { model, status, checked, total } = current;
  return (
    <ProgressBar
      label={`${model}: ${status === 'queued' ? 'waiting' : 'evaluating'}`}
      value={total ? checked / total : null}
      detail={
        total === null
          ? 'reading the results'
          : `${formatCount(checked)} of ${formatPlural(total, 'image')}`
      }
    />
  );
}
