/** @file Training images of a run that stand out, each with where it differs and its score, and what becomes of it in the next dataset version. */
'use client';

import { type RunSuspect, type RunSuspects, suspectsWords } from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { ForRole } from '~/components/access/caller.tsx';
import { Card } from '~/components/ui/card.tsx';
import { runSuspectHeatmapUrl } from '~/format/api-paths.ts';
import { formatPlural } from '~/format/format-number.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { type SuspectChoices, SuspectDecide } from './suspect-decide.tsx';
import { SuspectItem, SuspectSelect } from './suspect-item.tsx';

interface RunSuspectsCardProps {
  found: RunSuspects;
  dataset: string;
  /** Its id. */
  run: string;
}

interface PlacedSuspect extends RunSuspect {
  /** Its heatmap is found by it. */
  readonly position: number;
}

export function RunSuspectsCard({ found, dataset, run }: RunSuspectsCardProps) {
  const [choices, setChoices] = useState<SuspectChoices>({});
  const trpc = useTRPC();
  const router = useRouter();
  const decide = useMutation(
    trpc.runs.decideSuspects.mutationOptions({
      onSuccess: () => {
        setChoices({});
        router.refresh();
      },
    }),
  );
  const started = decide.data?.import ?? null;
  const placed = found.suspects.map((suspect, position) => ({ ...suspect, position }));
  const list = (shown: readonly PlacedSuspect[]) => (
    <SuspectList {...{ shown, run, mapped: found.mapped }}>
      {({ path, isKept }) => (
        <SuspectSelect
          path={path}
          choice={choices[path] ?? null}
          unchosen={isKept ? 'Kept' : 'Undecided'}
          disabled={decide.isPending || started !== null}
          onChoose={(choice) => setChoices({ ...choices, [path]: choice })}
        />
      )}
    </SuspectList>
  );
  const kept = placed.filter(({ isKept }) => isKept);
  return (
    <Card title="Training images that stand out" description={suspectsWords(found)}>
      {placed.length === 0 ? null : (
        <div className="space-y-4">
          {found.mapped === 0 ? (
            <p className="text-ink-soft text-sm">
              This version is of before maps of these images were kept: train again to see where
              they differ.
            </p>
          ) : null}
          {list(placed.filter(({ isKept }) => !isKept))}
          {kept.length === 0 ? null : (
            <details>
              <summary className="font-medium text-sm">
                {formatPlural(kept.length, 'image')} kept: somebody has looked, and said that{' '}
                {kept.length === 1 ? 'it belongs' : 'they belong'}
              </summary>
              <div className="mt-3">{list(kept)}</div>
            </details>
          )}
          <ForRole least="engineer">
            <SuspectDecide
              {...{ choices, started, isBusy: decide.isPending, error: decide.error }}
              unchosen={`Choose what becomes of an image. The version of ${dataset} that this run saw stays as it is.`}
              onDecide={(decisions) => decide.mutate({ id: run, decisions })}
            />
          </ForRole>
        </div>
      )}
    </Card>
  );
}

interface SuspectListProps extends Pick<RunSuspectsCardProps, 'run'> {
  shown: readonly PlacedSuspect[];
  /** So many of the first have a heatmap. */
  mapped: number;
  children: (suspect: PlacedSuspect) => ReactNode;
}

function SuspectList({ shown, run, mapped, children }: SuspectListProps) {
  if (shown.length === 0) return null;
  const heatmapOf = ({ position }: PlacedSuspect) =>
    position < mapped ? { heatmap: runSuspectHeatmapUrl(run, position) } : {};
  return (
    <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
      {shown.map((suspect) => (
        <li key={suspect.path}>
          <SuspectItem
            suspect={suspect}
            {...heatmapOf(suspect)}
            note={suspect.isLearned ? ', by the fit that learned from it' : ''}
          >
            <ForRole least="engineer">{children(suspect)}</ForRole>
          </SuspectItem>
        </li>
      ))}
    </ul>
  );
}
