/** @file Where a dataset comes from: files from this computer, a path on the server, or the sample generator. */
'use client';

import { Field, Input } from '~/components/ui/field.tsx';
import { RadioCards } from '~/components/ui/radio-cards.tsx';
import { FileDrop } from '~/components/uploads/file-drop.tsx';
import type { ImportDraft, SourceKind } from './import-draft.ts';
import { SampleChoice } from './sample-choice.tsx';

const SOURCES: { value: SourceKind; label: string; hint: string }[] = [
  {
    value: 'upload',
    label: 'From this computer',
    hint: 'A folder or a .zip. Resumes when interrupted.',
  },
  { value: 'path', label: 'A path on the server', hint: 'A folder, a .zip or a bucket.' },
  {
    value: 'sample',
    label: 'The sample dataset',
    hint: 'Generated images, for trying things out.',
  },
];

interface SourceChoiceProps {
  draft: ImportDraft;
  onChange: (change: Partial<ImportDraft>) => void;
  disabled: boolean;
}

export function SourceChoice({ draft, onChange, disabled }: SourceChoiceProps) {
  const { kind } = draft;
  return (
    <>
      <RadioCards
        legend="Source"
        choices={SOURCES}
        value={kind}
        onChange={(chosen) => onChange({ kind: chosen })}
        disabled={disabled}
      />
      {kind === 'upload' ? (
        <FileDrop
          picked={draft.picked}
          onPick={(picked) => onChange({ picked })}
          disabled={disabled}
        />
      ) : null}
      {kind === 'path' ? (
        <Field
          label="Path on the server"
          hint="The absolute path, as the machine of the platform sees it, or s3://bucket/prefix."
        >
          {(wiring) => (
            <Input
              {...wiring}
              value={draft.path}
              placeholder="/data/parts"
              disabled={disabled}
              autoComplete="off"
              onChange={(event) => onChange({ path: event.target.value })}
            />
          )}
        </Field>
      ) : null}
      {kind === 'sample' ? (
        <SampleChoice draft={draft} onChange={onChange} disabled={disabled} />
      ) : null}
    </>
  );
}
