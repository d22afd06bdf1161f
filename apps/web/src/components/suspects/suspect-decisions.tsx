/** @file The suspects of a search side by side, and what becomes of each: kept, or changed in the next version. */
'use client';

import type { ReviewedSuspect, SuspectReview } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { suspectHeatmapUrl } from '~/format/api-paths.ts';
import { formatPlural } from '~/format/format-number.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { type SuspectChoices, SuspectDecide } from './suspect-decide.tsx';
import { SuspectItem, SuspectSelect } from './suspect-item.tsx';

interface SuspectDecisionsProps {
  review: SuspectReview;
  /** Whether it is the latest version, and whoever looks at it may change the dataset. */
  canDecide: boolean;
  /** Some were kept, and no version is made. */
  onKept: () => void;
}

const UNCHOSEN: Readonly<Record<ReviewedSuspect['state'], string>> = {
  undecided: 'Undecided',
  kept: 'Kept',
  gone: 'No longer a training image',
  usual: 'Leave as it is',
};

export function SuspectDecisions({ review, canDecide, onKept }: SuspectDecisionsProps) {
  const { suspects, search } = review;
  const [choices, setChoices] = useState<SuspectChoices>({});
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
      {canDecide ? (
        <SuspectDecide
          {...{ choices, started, isBusy: decide.isPending, error: decide.error }}
          unchosen="Choose what becomes of an image. This version stays as it is."
          onDecide={(decisions) => decide.mutate({ name: review.dataset, decisions })}
        />
      ) : null}
    </div>
  );
}
