/** @file Puts the results of another model onto a leaderboard; what is wrong stands beside the field at fault. */
'use client';

import type { ErrorBody } from '@plumbline/contracts';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { UploadBar } from '~/components/uploads/upload-bar.tsx';
import { useInBrowser } from '~/components/use-in-browser.ts';
import { ImportedRow } from './imported-row.tsx';
import { ResultImportBar } from './result-import-bar.tsx';
import { ResultsFields } from './results-fields.tsx';
import { ResultsSource } from './results-source.tsx';
import { useResultsForm } from './use-results-form.ts';

interface ImportResultsFormProps {
  dataset: string;
  /** That the results are evaluated on. */
  datasetVersion: string;
  initialProtocol: string;
}

export function ImportResultsForm(props: ImportResultsFormProps) {
  const { dataset, datasetVersion, initialProtocol } = props;
  const inBrowser = useInBrowser();
  const state = useResultsForm(dataset, initialProtocol);
  const { form, draft, problems, isAnywhere, change, choose, submit, again } = state;
  const { upload, current, busy, error } = state.importing;

  if (current?.status === 'succeeded') {
    return (
      <ImportedRow
        imported={current}
        datasetVersion={datasetVersion}
        protocol={draft.protocol}
        onAnother={again}
      />
    );
  }
  return (
    <form ref={form} noValidate className="space-y-6" onSubmit={submit}>
      <fieldset disabled={!inBrowser || busy} className="space-y-6">
        <ResultsSource draft={draft} onChange={change} onFile={choose} problem={problems.source} />
        <ResultsFields draft={draft} onChange={change} problems={problems} />
      </fieldset>
      {isAnywhere && error !== null ? (
        <Refusal error={error} isOfFile={draft.kind === 'upload' && error.file !== null} />
      ) : null}
      {upload.progress ? <UploadBar progress={upload.progress} upload={upload} /> : null}
      {busy && current !== null ? <ResultImportBar current={current} /> : null}
      <Button type="submit" disabled={busy}>
        {draft.kind === 'upload' ? 'Upload and evaluate' : 'Evaluate'}
      </Button>
    </form>
  );
}

/** What is wrong with no field, but with the results themselves. */
function Refusal({ error, isOfFile }: { error: ErrorBody; isOfFile: boolean }) {
  return (
    <div data-fault tabIndex={-1} className="space-y-2 outline-none">
      <ErrorNotice error={error} title="Nothing was imported" />
      {isOfFile ? (
        <p className="text-ink-soft text-sm">Fix the file, then choose it again.</p>
      ) : null}
    </div>
  );
}
