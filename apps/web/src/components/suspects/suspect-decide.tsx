/** @file The step below a list of suspects: some are kept, the others make the next version, and how far that is. */
'use client';

import type { DatasetImport, SuspectChoice, SuspectDecision } from '@plumbline/contracts';
import { EditProgress } from '~/components/datasets/edit-progress.tsx';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { formatPlural } from '~/format/format-number.ts';
import { errorBodyOf } from '~/trpc/errors.ts';

/** By path; null where a choice was taken back. */
export type SuspectChoices = Readonly<Record<string, SuspectChoice | null>>;

interface SuspectDecideProps {
  choices: SuspectChoices;
  /** Of the next version; null before. */
  started: DatasetImport | null;
  isBusy: boolean;
  error: Parameters<typeof errorBodyOf>[0] | null;
  /** What is said before anything is chosen. */
  unchosen: string;
  onDecide: (decisions: SuspectDecision[]) => void;
}

export function SuspectDecide(props: SuspectDecideProps) {
  const { choices, started, isBusy, error, unchosen, onDecide } = props;
  if (started !== null) return <EditProgress initial={started} />;
  const decisions = Object.entries(choices).flatMap(([path, choice]) =>
    choice === null ? [] : [{ path, choice }],
  );
  const changed = decisions.filter(({ choice }) => choice !== 'keep').length;
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button disabled={decisions.length === 0 || isBusy} onClick={() => onDecide(decisions)}>
          {changed > 0 || decisions.length === 0 ? 'Make the next version' : 'Keep them'}
        </Button>
        <p aria-live="polite" className="text-ink-soft text-sm">
          {decisions.length === 0
            ? unchosen
            : `${formatPlural(decisions.length - changed, 'image')} kept, ${formatPlural(changed, 'image')} changed in a new version; this one stays.`}
        </p>
      </div>
      {error ? <ErrorNotice error={errorBodyOf(error)} /> : null}
    </div>
  );
}
