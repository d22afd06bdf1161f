/** @file The suspects of a search side by side, and what becomes of each: kept, or changed in the next version. */
'use client';

import type { ReviewedSuspect, SuspectChoice, SuspectReview } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { EditProgress } from '~/components/datasets/edit-progress.tsx';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { suspectHeatmapUrl } from '~/format/api-paths.ts';
import { formatPlural } from '~/format/format-number.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { SuspectItem, SuspectSelect } from './suspect-item.tsx';

interface SuspectDecisionsProps {
  review: SuspectReview;
  /** Whether it is the latest version, and whoever looks at it may change the dataset. */
  canDecide: boolean;
  /** Some were kept, and no version is made. */
  onKept: () => void;
}

type Choices = Readonly<Record<string, SuspectChoice | null>>;

const UNCHOSEN: Readonly<Record<ReviewedSuspect['state'], string>> = {
  undecided: 'Undecided',
  kept: 'Kept',
  gone: 'No longer a training image',
  usual: 'Leave as it is',
};

export function SuspectDecisions({ review, canDecide, onKept }: SuspectDecisionsProps) {
  const { suspects, search } = review;
  const [choices, setChoices] = useState<Choices>({});
  const trpc = useTRPC();
  const decide = useMutation(
    trpc.suspects.decide.mutationOptions({
      onSuccess: () => {
        setChoices({});
        onKept();
      },
    }),
  );
  const started = decide.data?.import ?? null;
  const list = (shown: readonly ReviewedSuspect[]) => (
    <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
      {shown.map((suspect) => (
        <li key={suspect.position}>
          <SuspectItem
            suspect={suspect}
            heatmap={suspectHeatmapUrl(search?.id ?? '', suspect.position)}
          >
            {canDecide && suspect.state !== 'gone' ? (
              <SuspectSelect
                path={suspect.path}
                choice={choices[suspect.path] ?? null}
                unchosen={UNCHOSEN[suspect.state]}
                disabled={decide.isPending || started !== null}
                onChoose={(choice) => setChoices({ ...choices, [suspect.path]: choice })}
              />
            ) : (
              <p className="mt-1.5">{UNCHOSEN[suspect.state]}</p>
            )}
          </SuspectItem>
        </li>
      ))}
    </ul>
  );
  const usual = suspects.filter(({ state }) => state === 'usual');
  const beyond = suspects.filter(({ state }) => state !== 'usual');
  return (
    <div className="space-y-5">
      {beyond.length === 0 ? null : list(beyond)}
      {usual.length === 0 ? null : (
        <details>
          <summary className="font-medium text-sm">
            {formatPlural(usual.length, 'image')} below the cut, nearest first
          </summary>
          <div className="mt-3">{list(usual)}</div>
        </details>
      )}
      {canDecide ? <Decide name={review.dataset} {...{ choices, decide, started }} /> : null}
    </div>
  );
}

interface DecideProps {
  name: string;
  choices: Choices;
  decide: {
    readonly isPending: boolean;
    readonly error: Parameters<typeof errorBodyOf>[0] | null;
    mutate(input: { name: string; decisions: { path: string; choice: SuspectChoice }[] }): void;
  };
  started: Parameters<typeof EditProgress>[0]['initial'] | null;
}

function Decide({ name, choices, decide, started }: DecideProps) {
  if (started !== null) return <EditProgress initial={started} />;
  const decisions = Object.entries(choices).flatMap(([path, choice]) =>
    choice === null ? [] : [{ path, choice }],
  );
  const changed = decisions.filter(({ choice }) => choice !== 'keep').length;
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-3">
        <Button
          disabled={decisions.length === 0 || decide.isPending}
          onClick={() => decide.mutate({ name, decisions })}
        >
          {changed > 0 || decisions.length === 0 ? 'Make the next version' : 'Keep them'}
        </Button>
        <p aria-live="polite" className="text-ink-soft text-sm">
          {decisions.length === 0
            ? 'Choose what becomes of an image. This version stays as it is.'
            : `${formatPlural(decisions.length - changed, 'image')} kept, ${formatPlural(changed, 'image')} changed in a new version; this one stays.`}
        </p>
      </div>
      {decide.error ? <ErrorNotice error={errorBodyOf(decide.error)} /> : null}
    </div>
  );
}
