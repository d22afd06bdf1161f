/** @file What to import and under which name. */
'use client';

import {
  type DatasetImport,
  type DatasetLayout,
  type ErrorBody,
  type ImportSource,
  nameSchema,
} from '@plumbline/contracts';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Field, Input } from '~/components/ui/field.tsx';
import { UploadBar } from '~/components/uploads/upload-bar.tsx';
import { UploadFailure, useUpload } from '~/components/uploads/use-upload.ts';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { checkOptions, ImportOptions, NO_OPTIONS } from './import-options.tsx';
import { LayoutHelp } from './layout-help.tsx';
import { SourceChoice, type SourceKind } from './source-choice.tsx';
import { suggestName } from './suggest-name.ts';

interface ImportFormProps {
  layouts: readonly DatasetLayout[];
  onStarted: (started: DatasetImport) => void;
}

export function ImportForm({ layouts, onStarted }: ImportFormProps) {
  const trpc = useTRPC();
  const mutation = useMutation(trpc.datasets.import.mutationOptions());
  const upload = useUpload();
  const [kind, setKind] = useState<SourceKind>('upload');
  const [name, setName] = useState('');
  const [path, setPath] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [seed, setSeed] = useState('0');
  const [draft, setDraft] = useState(NO_OPTIONS);
  const [error, setError] = useState<ErrorBody | null>(null);

  const suggested = suggestName(kind, kind === 'upload' ? (file?.name ?? '') : path);
  const finalName = name === '' ? suggested : name;
  const nameCheck = nameSchema.safeParse(finalName);
  const busy = mutation.isPending || upload.progress !== null;
  // The generator's own files are of the usual kind.
  const { options, problem } = checkOptions(kind === 'sample' ? NO_OPTIONS : draft);
  const ready =
    nameCheck.success &&
    problem === null &&
    (kind === 'sample' || (kind === 'path' ? path !== '' : file !== null));

  const resolveSource = async (): Promise<ImportSource | null> => {
    if (kind === 'path') return { kind, path };
    if (kind === 'sample') return { kind, seed: Number(seed) || 0 };
    const uploadId = file === null ? null : await upload.start(file);
    return uploadId === null ? null : { kind: 'upload', uploadId };
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    try {
      const source = await resolveSource();
      if (source !== null)
        onStarted(await mutation.mutateAsync({ ...options, name: finalName, source }));
    } catch (failure) {
      setError(failure instanceof UploadFailure ? failure.body : errorBodyOf(failure));
    }
  };

  return (
    <form className="space-y-5" onSubmit={(event) => void submit(event)}>
      <SourceChoice
        kind={kind}
        onKind={setKind}
        path={path}
        onPath={setPath}
        onFile={setFile}
        seed={seed}
        onSeed={setSeed}
        disabled={busy}
      />
      {kind === 'sample' ? null : <LayoutHelp layouts={layouts} />}
      <Field
        label="Dataset name"
        hint="Lowercase letters, digits, “.”, “_” and “-”. It appears in addresses and commands."
        error={finalName !== '' && !nameCheck.success ? nameCheck.error.issues[0]?.message : null}
      >
        {(wiring) => (
          <Input
            {...wiring}
            value={name}
            placeholder={suggested}
            disabled={busy}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {kind === 'sample' ? null : (
        <ImportOptions draft={draft} onChange={setDraft} problem={problem} disabled={busy} />
      )}
      {error ? <ErrorNotice error={error} title="The import did not start" /> : null}
      {upload.progress ? <UploadBar progress={upload.progress} onCancel={upload.cancel} /> : null}
      <Button type="submit" disabled={!ready || busy}>
        {kind === 'upload' ? 'Upload and import' : kind === 'sample' ? 'Make and import' : 'Import'}
      </Button>
    </form>
  );
}
