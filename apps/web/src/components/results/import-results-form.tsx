/** @file Puts the results of another model onto a leaderboard; what is wrong stands beside the field at fault. */
'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { UploadBar } from '~/components/uploads/upload-bar.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { ImportedRow } from './imported-row.tsx';
import { ResultImportBar } from './result-import-bar.tsx';
import { checkDraft, type Problems, problemsOf, type ResultsDraft } from './results-draft.ts';
import { ResultsFields } from './results-fields.tsx';
import { ResultsSource } from './results-source.tsx';
import { useResultsImport } from './use-results-import.ts';

interface ImportResultsFormProps {
  dataset: string;
  /** That the results are evaluated on. */
  datasetVersion: string;
  initialProtocol: string;
}

export function ImportResultsForm(props: ImportResultsFormProps) {
  const { dataset, datasetVersion, initialProtocol } = props;
  const inBrowser = useInBrowser();
  const { upload, current, busy, error, start, dismiss, reset } = useResultsImport();
  const form = useRef<HTMLFormElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [asked, setAsked] = useState(false);
  const [draft, setDraft] = useState<ResultsDraft>({
    kind: 'upload',
    path: '',
    model: '',
    method: '',
    protocol: initialProtocol,
    seed: '0',
    mapResize: 'refuse',
    note: '',
  });
  const checked = checkDraft(dataset, draft, file?.name ?? null);
  const answered = problemsOf(error);
  const isAnywhere = error !== null && Object.keys(answered).length === 0;
  const problems: Problems = { ...answered, ...(asked ? checked.problems : null) };

  useEffect(() => {
    if (error !== null) leadToFault(form.current);
  }, [error]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    flushSync(() => setAsked(true));
    const source = draft.kind === 'path' ? draft.path.trim() : file;
    if (checked.input === null || source === null) leadToFault(form.current);
    else void start(checked.input, source);
  };
  const change = (changed: Partial<ResultsDraft>) => {
    setDraft({ ...draft, ...changed });
    if (!isAnywhere && error !== null) dismiss();
  };
  const choose = (chosen: File | null) => {
    setFile(chosen);
    dismiss();
  };

  if (current?.status === 'succeeded') {
    return (
      <ImportedRow
        imported={current}
        datasetVersion={datasetVersion}
        protocol={draft.protocol}
        onAnother={() => {
          setFile(null);
          setAsked(false);
          reset();
        }}
      />
    );
  }
  return (
    <form ref={form} noValidate className="space-y-6" onSubmit={submit}>
      <fieldset disabled={!inBrowser || busy} className="space-y-6">
        <ResultsSource draft={draft} onChange={change} onFile={choose} problem={problems.source} />
        <ResultsFields draft={draft} onChange={change} problems={problems} />
      </fieldset>
      {!isAnywhere ? null : (
        <div data-fault tabIndex={-1} className="space-y-2 outline-none">
          <ErrorNotice error={error} title="Nothing was imported" />
          {draft.kind === 'upload' && error.file !== null ? (
            <p className="text-ink-soft text-sm">Fix the file, then choose it again.</p>
          ) : null}
        </div>
      )}
      {upload.progress ? <UploadBar progress={upload.progress} onCancel={upload.cancel} /> : null}
      {busy && current !== null ? <ResultImportBar current={current} /> : null}
      <Button type="submit" disabled={busy}>
        {draft.kind === 'upload' ? 'Upload and evaluate' : 'Evaluate'}
      </Button>
    </form>
  );
}

/** Keyboard and screen reader go on at the first field at fault, or at the notice. */
function leadToFault(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid], [data-fault]')?.focus();
}
