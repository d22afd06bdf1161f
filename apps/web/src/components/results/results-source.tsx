/** @file Where imported results come from: a file of this computer, or a path on the server. */
'use client';

import { Field, Input } from '~/components/ui/field.tsx';
import { RadioCards } from '~/components/ui/radio-cards.tsx';
import type { ResultsDraft, SourceKind } from './results-draft.ts';

const SOURCES: { value: SourceKind; label: string; hint: string }[] = [
  {
    value: 'upload',
    label: 'A file from this computer',
    hint: 'An .npz or .zip. Resumes when interrupted.',
  },
  { value: 'path', label: 'A path on the server', hint: 'A folder, an .npz, a .zip or a bucket.' },
];

interface ResultsSourceProps {
  draft: ResultsDraft;
  onChange: (change: Partial<ResultsDraft>) => void;
  onFile: (file: File | null) => void;
  problem: string | undefined;
}

export function ResultsSource({ draft, onChange, onFile, problem }: ResultsSourceProps) {
  return (
    <>
      <RadioCards
        legend="Source"
        choices={SOURCES}
        value={draft.kind}
        onChange={(kind) => onChange({ kind })}
      />
      {draft.kind === 'upload' ? (
        <Field label="File of results" error={problem}>
          {(wiring) => (
            <Input
              {...wiring}
              type="file"
              accept=".npz,.zip,application/zip"
              required
              onChange={(event) => onFile(event.target.files?.[0] ?? null)}
            />
          )}
        </Field>
      ) : (
        <Field
          label="Path on the server"
          hint="The absolute path, as the machine of the platform sees it, or s3://bucket/prefix."
          error={problem}
        >
          {(wiring) => (
            <Input
              {...wiring}
              value={draft.path}
              required
              placeholder="/data/results.npz"
              autoComplete="off"
              onChange={(event) => onChange({ path: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}
