/** @file Training images that stand out, by name, with their scores, and what becomes of each in the next dataset version. */
'use client';

import { type Suspect, type Suspects, suspectsWords } from '@plumbline/contracts';
import { useState } from 'react';
import { EditProgress } from '~/components/datasets/edit-progress.tsx';
import { useEditDataset } from '~/components/datasets/use-edit-dataset.ts';
import { Button } from '~/components/ui/button.tsx';
import { Card } from '~/components/ui/card.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Select } from '~/components/ui/field.tsx';
import { Picture } from '~/components/ui/picture.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { formatPlural, formatScore } from '~/format/format-number.ts';
import { SUSPECT_CHOICES, type SuspectChoice, suspectChanges } from './suspect-changes.ts';

interface SuspectsCardProps {
  found: Suspects;
  dataset: string;
  /** Shortened, as the note of the version that is made names it. */
  run: string;
}

export function SuspectsCard({ found, dataset, run }: SuspectsCardProps) {
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
                  choice={choices[suspect.path] ?? 'keep'}
                  disabled={isBusy || started !== null}
                  onChoose={(choice) => setChoices({ ...choices, [suspect.path]: choice })}
                />
              </li>
            ))}
          </ul>
          {started === null ? (
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
          ) : (
            <EditProgress initial={started} />
          )}
          {error ? <ErrorNotice error={error} /> : null}
        </div>
      )}
    </Card>
  );
}

interface SuspectItemProps {
  suspect: Suspect;
  choice: SuspectChoice;
  disabled: boolean;
  onChoose: (choice: SuspectChoice) => void;
}

function SuspectItem({ suspect, choice, disabled, onChoose }: SuspectItemProps) {
  const { path, category, sha256, imageScore, robustCut, isLearned } = suspect;
  return (
    <div className="text-sm">
      <Picture
        src={blobUrl(sha256, 256)}
        alt={path}
        loading="lazy"
        className="aspect-square w-full rounded-sm bg-sunken object-cover"
      />
      <p className="mt-1.5 break-all font-medium">{path}</p>
      <p className="text-ink-soft">
        {category}: {formatScore(imageScore)}, cut {formatScore(robustCut)}
        {isLearned ? ', by the fit that learned from it' : ''}
      </p>
      <Field label={`What becomes of ${path.slice(path.lastIndexOf('/') + 1)}`} className="mt-1.5">
        {(wiring) => (
          <Select
            {...wiring}
            disabled={disabled}
            value={choice}
            onChange={(event) => onChoose(event.target.value as SuspectChoice)}
          >
            {SUSPECT_CHOICES.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
