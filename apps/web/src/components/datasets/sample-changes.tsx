/** @file What else can become of one sample in the next version: another label or side, or none. */
'use client';

import type { DatasetChange, Sample } from '@plumbline/contracts';
import { useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input, Select } from '~/components/ui/field.tsx';
import { EditProgress } from './edit-progress.tsx';
import { type SampleChoice, sampleChange, sampleChoices } from './sample-choices.ts';
import { useEditDataset } from './use-edit-dataset.ts';

export function SampleChanges({ sample, dataset }: { sample: Sample; dataset: string }) {
  const { edit, started, isBusy, error } = useEditDataset(dataset);
  const [choice, setChoice] = useState<SampleChoice | ''>('');
  const [words, setWords] = useState('');
  const choices = sampleChoices(sample);
  const field = choices.find(({ value }) => value === choice)?.field;
  const submit = () => {
    if (choice === '') return;
    const change: DatasetChange = sampleChange(sample, choice, words.trim());
    edit([change], '');
  };
  if (started !== null) return <EditProgress initial={started} />;
  return (
    <div className="space-y-3">
      <div className="grid items-end gap-3 sm:grid-cols-[1fr_1fr_auto]">
        <Field label="In the next version">
          {(wiring) => (
            <Select
              {...wiring}
              value={choice}
              disabled={isBusy}
              onChange={(event) =>
                setChoice(choices.find(({ value }) => value === event.target.value)?.value ?? '')
              }
            >
              <option value="">as it is</option>
              {choices.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {field === undefined ? (
          <span />
        ) : (
          <Field label={field.label}>
            {(wiring) => (
              <Input
                {...wiring}
                value={words}
                placeholder={field.placeholder}
                maxLength={100}
                disabled={isBusy}
                onChange={(event) => setWords(event.target.value)}
              />
            )}
          </Field>
        )}
        <Button variant="secondary" disabled={choice === '' || isBusy} onClick={submit}>
          Make the next version
        </Button>
      </div>
      {error ? <ErrorNotice error={error} title="There is no new version" /> : null}
    </div>
  );
}
