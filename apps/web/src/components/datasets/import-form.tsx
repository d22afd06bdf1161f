/** @file What to import and under which name. */
'use client';

import type { DatasetImport, DatasetLayout, ImportDatasetInput } from '@plumbline/contracts';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input } from '~/components/ui/field.tsx';
import { PackingBar } from '~/components/uploads/packing-bar.tsx';
import { UploadBar } from '~/components/uploads/upload-bar.tsx';
import { type CheckedImport, checkImport, type ImportDraft, NO_IMPORT } from './import-draft.ts';
import { ImportOptions } from './import-options.tsx';
import { LayoutHelp } from './layout-help.tsx';
import { ProvenanceFields } from './provenance-fields.tsx';
import { SourceChoice } from './source-choice.tsx';
import { SplitOptions } from './split-options.tsx';
import { useStartImport } from './use-start-import.ts';

interface ImportFormProps {
  layouts: readonly DatasetLayout[];
  onStarted: (started: DatasetImport, request: ImportDatasetInput) => void;
}

export function ImportForm({ layouts, onStarted }: ImportFormProps) {
  const { uploading, isBusy, error, start } = useStartImport(onStarted);
  const { packing, upload } = uploading;
  const [draft, setDraft] = useState(NO_IMPORT);
  const checked = checkImport(draft);
  const { kind } = draft;
  const change = (changed: Partial<ImportDraft>) => setDraft({ ...draft, ...changed });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    void start(draft);
  };
  return (
    <form className="space-y-5" onSubmit={submit}>
      <SourceChoice draft={draft} onChange={change} disabled={isBusy} />
      {kind === 'sample' ? null : <LayoutHelp layouts={layouts} />}
      <NameField draft={draft} checked={checked} onChange={change} disabled={isBusy} />
      {kind === 'sample' ? null : (
        <SplitOptions
          draft={draft.split}
          onChange={(split) => change({ split })}
          problems={checked.splitProblems}
          disabled={isBusy}
        />
      )}
      {kind === 'sample' ? null : (
        <ImportOptions
          draft={draft.options}
          onChange={(options) => change({ options })}
          problem={checked.optionsProblem}
          disabled={isBusy}
        />
      )}
      {kind === 'sample' ? null : (
        <ProvenanceFields draft={draft} onChange={change} disabled={isBusy} />
      )}
      {error ? <ErrorNotice error={error} title="The import did not start" /> : null}
      {packing ? <PackingBar packing={packing} /> : null}
      {upload.progress ? <UploadBar progress={upload.progress} upload={upload} /> : null}
      <Button type="submit" disabled={!checked.isReady || isBusy}>
        {kind === 'upload' ? 'Upload and import' : kind === 'sample' ? 'Make and import' : 'Import'}
      </Button>
    </form>
  );
}

interface NameFieldProps {
  draft: ImportDraft;
  checked: CheckedImport;
  onChange: (change: Partial<ImportDraft>) => void;
  disabled: boolean;
}

function NameField({ draft, checked, onChange, disabled }: NameFieldProps) {
  return (
    <Field
      label="Dataset name"
      hint="Lowercase letters, digits, “.”, “_” and “-”. It appears in addresses and commands."
      error={checked.nameProblem}
    >
      {(wiring) => (
        <Input
          {...wiring}
          value={draft.name}
          placeholder={checked.suggestedName}
          disabled={disabled}
          autoComplete="off"
          onChange={(event) => onChange({ name: event.target.value })}
        />
      )}
    </Field>
  );
}
