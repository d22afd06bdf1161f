/** @file Training images of a run that stand out, each with where it differs and its score, and what becomes of it in the next dataset version. */
'use client';

import {
  type RunSuspects,
  type SuspectChoice,
  suspectChanges,
  suspectsWords,
} from '@plumbline/contracts';
import { useState } from 'react';
import { ForRole } from '~/components/access/caller.tsx';
import { EditProgress } from '~/components/datasets/edit-progress.tsx';
import { useEditDataset } from '~/components/datasets/use-edit-dataset.ts';
import { Button } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { runSuspectHeatmapUrl } from '~/format/api-paths.ts';
import { formatPlural } from '~/format/format-number.ts';
import { SuspectItem, SuspectSelect } from './suspect-item.tsx';

interface RunSuspectsCardProps {
  found: RunSuspects;
  dataset: string;
  /** Its id. */
  run: string;
}

export function RunSuspectsCard({ found, dataset, run }: RunSuspectsCardProps) {
  const [choices, setChoices] = useState<Record<string, SuspectChoice>>({});
  const { edit, started, isBusy, error } = useEditDataset(dataset);
  const changes = suspectChanges(choices);
  const changed = Object.values(choices).filter((choice) => choice !== 'keep').length;
  return (
    <Card title="Training images that stand out" description={suspectsWords(found)}>
      {found.suspects.length === 0 ? null : (
        <div className="space-y-4">
          <SuspectList
            {...{ found, run, choices, disabled: isBusy || started !== null }}
            onChoose={(path, choice) => setChoices({ ...choices, [path]: choice })}
          />
          {started === null ? (
            <ForRole least="engineer">
              <div className="flex flex-wrap items-center gap-3">
                <Button
                  disabled={changes.length === 0 || isBusy}
                  onClick={() => edit(changes, `Suspects of run ${run.slice(0, 8)}`)}
                >
                  Make the next version
                </Button>
                <p aria-live="polite" className="text-sm text-ink-soft">
                  {changed === 0
                    ? 'Choose what becomes of an image. The dataset of this run stays as it is.'
                    : `${formatPlural(changed, 'image')} of ${dataset} will change in a new version; this one stays.`}
                </p>
              </div>
            </ForRole>
          ) : (
            <EditProgress initial={started} />
          )}
          {error ? <ErrorNotice error={error} /> : null}
        </div>
      )}
    </Card>
  );
}

interface SuspectListProps extends Pick<RunSuspectsCardProps, 'found' | 'run'> {
  choices: Readonly<Record<string, SuspectChoice>>;
  disabled: boolean;
  onChoose: (path: string, choice: SuspectChoice) => void;
}

function SuspectList({ found, run, choices, disabled, onChoose }: SuspectListProps) {
  const heatmapOf = (position: number) =>
    position < found.mapped ? { heatmap: runSuspectHeatmapUrl(run, position) } : {};
  return (
    <>
      {found.mapped === 0 ? (
        <p className="text-ink-soft text-sm">
          This version is of before maps of these images were kept: train again to see where they
          differ.
        </p>
      ) : null}
      <ul className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        {found.suspects.map((suspect, position) => (
          <li key={suspect.path}>
            <SuspectItem
              suspect={suspect}
              {...heatmapOf(position)}
              note={suspect.isLearned ? ', by the fit that learned from it' : ''}
            >
              <ForRole least="engineer">
                <SuspectSelect
                  path={suspect.path}
                  choice={choices[suspect.path] ?? 'keep'}
                  disabled={disabled}
                  onChoose={(choice) => onChoose(suspect.path, choice ?? 'keep')}
                />
              </ForRole>
            </SuspectItem>
          </li>
        ))}
      </ul>
    </>
  );
}
