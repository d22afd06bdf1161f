/** @file Training images of a run that stand out, by name, with their scores, and what becomes of each in the next dataset version. */
'use client';

import {
  type SuspectChoice,
  type Suspects,
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
import { formatPlural } from '~/format/format-number.ts';
import { SuspectItem, SuspectSelect } from './suspect-item.tsx';

interface RunSuspectsCardProps {
  found: Suspects;
  dataset: string;
  /** Shortened, as the note of the version that is made names it. */
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
          <ul className="grid gap-4 sm:grid-cols-3 lg:grid-cols-6">
            {found.suspects.map((suspect) => (
              <li key={suspect.path}>
                <SuspectItem
                  suspect={suspect}
                  note={suspect.isLearned ? ', by the fit that learned from it' : ''}
                >
                  <ForRole least="engineer">
                    <SuspectSelect
                      path={suspect.path}
                      choice={choices[suspect.path] ?? 'keep'}
                      disabled={isBusy || started !== null}
                      onChoose={(choice) =>
                        setChoices({ ...choices, [suspect.path]: choice ?? 'keep' })
                      }
                    />
                  </ForRole>
                </SuspectItem>
              </li>
            ))}
          </ul>
          {started === null ? (
            <ForRole least="engineer">
              <div className="flex flex-wrap items-center gap-3">
                <Button
                  disabled={changes.length === 0 || isBusy}
                  onClick={() => edit(changes, `Suspects of run ${run}`)}
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
