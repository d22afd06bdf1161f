/** @file Which images a batch is of, and which model inspects them. */
'use client';

import { type BatchSource, splitSchema } from '@plumbline/contracts';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Select } from '~/components/ui/field.tsx';
import { RadioCards } from '~/components/ui/radio-cards.tsx';
import { FileDrop } from '~/components/uploads/file-drop.tsx';
import { PackingBar } from '~/components/uploads/packing-bar.tsx';
import { UploadBar } from '~/components/uploads/upload-bar.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { type BatchChoice, type BatchDraft, firstDraft, isReady } from './batch-draft.ts';
import { useStartBatch } from './use-start-batch.ts';

const SOURCES: { value: BatchSource['kind']; label: string; hint: string }[] = [
  { value: 'dataset', label: 'Images of a dataset', hint: 'Its latest version.' },
  {
    value: 'upload',
    label: 'From this computer',
    hint: 'A folder or a .zip, in any layout. Resumes when interrupted.',
  },
];

export function BatchForm({ choice }: { choice: BatchChoice }) {
  const { uploading, isBusy, error, isStarted, start } = useStartBatch(choice);
  const { packing, upload } = uploading;
  const [draft, setDraft] = useState(() => firstDraft(choice));
  const inBrowser = useInBrowser();
  const change = (changed: Partial<BatchDraft>) => setDraft({ ...draft, ...changed });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void start(draft);
  };
  return (
    <form className="space-y-5" onSubmit={submit}>
      <fieldset disabled={!inBrowser || isBusy} className="space-y-5">
        <ModelField choice={choice} draft={draft} onChange={change} />
        <RadioCards
          legend="Images"
          choices={SOURCES}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
        />
        {draft.kind === 'dataset' ? (
          <DatasetFields choice={choice} draft={draft} onChange={change} />
        ) : (
          <FileDrop
            picked={draft.picked}
            onPick={(picked) => change({ picked })}
            disabled={isBusy}
          />
        )}
        <label className="flex items-center gap-2.5 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={draft.regions}
            onChange={(event) => change({ regions: event.target.checked })}
          />
          Also say where the anomalous regions are
        </label>
      </fieldset>
      {error === null ? null : <ErrorNotice error={error} title="The batch did not start" />}
      {packing === null ? null : <PackingBar packing={packing} />}
      {upload.progress === null ? null : <UploadBar progress={upload.progress} upload={upload} />}
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" disabled={!isReady(draft) || isBusy}>
          {draft.kind === 'upload' ? 'Upload and inspect' : 'Inspect the images'}
        </Button>
        <p role="status" className="text-ink-soft text-sm">
          {isStarted ? 'Started. You can leave this page.' : ''}
        </p>
      </div>
    </form>
  );
}

interface FieldsProps {
  choice: BatchChoice;
  draft: BatchDraft;
  onChange: (change: Partial<BatchDraft>) => void;
}

function ModelField({ choice, draft, onChange }: FieldsProps) {
  const { models, model, version } = choice;
  const isNamed = version !== null && draft.model === model;
  return (
    <Field
      label="Model"
      hint={
        isNamed
          ? `Version ${version}. Its thresholds of now decide, also if others serve later.`
          : 'Its promoted version, with the thresholds that serve now.'
      }
    >
      {(wiring) => (
        <Select
          {...wiring}
          value={draft.model}
          onChange={(event) => onChange({ model: event.target.value })}
        >
          {models.map(({ name, promotedVersion }) => (
            <option key={name} value={name}>
              {promotedVersion === null ? `${name}, nothing promoted` : name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

function DatasetFields({ choice: { datasets }, draft, onChange }: FieldsProps) {
  return (
    <div className="grid gap-4 sm:grid-cols-3">
      <Field label="Dataset">
        {(wiring) => (
          <Select
            {...wiring}
            value={draft.dataset}
            onChange={(event) => onChange({ dataset: event.target.value, category: '' })}
          >
            {datasets.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label="Split">
        {(wiring) => (
          <Select
            {...wiring}
            value={draft.split}
            onChange={(event) =>
              onChange({ split: splitSchema.safeParse(event.target.value).data ?? '' })
            }
          >
            <option value="">all</option>
            {splitSchema.options.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <CategoryField draft={draft} onChange={onChange} />
    </div>
  );
}

function CategoryField({ draft, onChange }: Omit<FieldsProps, 'choice'>) {
  const dataset = useQuery(useTRPC().datasets.get.queryOptions({ name: draft.dataset }));
  const names = dataset.data?.report.categories.map(({ name }) => name) ?? [];
  return (
    <Field
      label="Category"
      {...(dataset.error ? { error: errorBodyOf(dataset.error).message } : {})}
    >
      {(wiring) => (
        <Select
          {...wiring}
          value={draft.category}
          disabled={!dataset.isSuccess}
          onChange={(event) => onChange({ category: event.target.value })}
        >
          <option value="">{dataset.isPending ? 'all (loading the names …)' : 'all'}</option>
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
