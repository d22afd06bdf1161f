/** @file What each folder is, where no layout is recognized: what lies in them, a first guess to correct, and the import. */
'use client';

import type {
  DatasetImport,
  FilesSource,
  ImportDatasetInput,
  SourceSurvey,
} from '@plumbline/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { ErrorNotice } from '~/components/ui/error-notice.tsx';
import { Notice } from '~/components/ui/notice.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { useTRPC } from '~/trpc/client.tsx';
import { errorBodyOf } from '~/trpc/errors.ts';
import { CategoryFields } from './category-fields.tsx';
import { FolderFields } from './folder-fields.tsx';
import { checkMapping, type FolderDraft, mappingDraft } from './mapping-draft.ts';

/** An import of files that was asked for. */
export type FilesRequest = ImportDatasetInput & { readonly source: FilesSource };

interface MappingFormProps {
  request: FilesRequest;
  onStarted: (started: DatasetImport) => void;
}

export function MappingForm({ request, onStarted }: MappingFormProps) {
  const trpc = useTRPC();
  const { source, name } = request;
  const survey = useMutation(trpc.datasets.survey.mutationOptions());
  // Asked for once; what lies in the folders does not change meanwhile.
  const found = useQuery({
    queryKey: ['survey', source],
    queryFn: () => survey.mutateAsync({ source, name }),
    ...{ retry: false, staleTime: Number.POSITIVE_INFINITY },
  });
  if (found.error)
    return (
      <div className="space-y-3">
        <ErrorNotice error={errorBodyOf(found.error)} title="The folders can't be read" />
        <Button variant="secondary" onClick={() => void found.refetch()}>
          Try again
        </Button>
      </div>
    );
  if (found.data === undefined)
    return <ProgressBar label="Looking at what lies in the folders" value={null} />;
  if (found.data.folders.length === 0)
    return <Notice>There are no images in these files: PNG, JPEG, WebP, BMP or TIFF.</Notice>;
  return <SurveyedForm {...{ request, onStarted }} survey={found.data} />;
}

function SurveyedForm({ request, onStarted, survey }: MappingFormProps & { survey: SourceSurvey }) {
  const trpc = useTRPC();
  const mutation = useMutation(trpc.datasets.import.mutationOptions({ onSuccess: onStarted }));
  const [draft, setDraft] = useState(() => mappingDraft(survey, request.mapping));
  const { mapping, problem } = checkMapping(draft);
  const changeFolder = (at: number, change: Partial<FolderDraft>) =>
    setDraft({
      ...draft,
      folders: draft.folders.map((one, index) => (index === at ? { ...one, ...change } : one)),
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (mapping !== null) mutation.mutate({ ...request, mapping });
  };
  return (
    <form className="space-y-5" onSubmit={submit}>
      <p className="text-sm text-ink-soft">
        Say what each folder of {request.name} is. What their names say is filled in; folders that
        are left out are ignored.
      </p>
      <ul className="space-y-3">
        {draft.folders.map((folder, index) => (
          <li key={folder.folder} className="rounded-md border border-line p-3">
            <FolderFields
              folder={folder}
              disabled={mutation.isPending}
              onChange={(change) => changeFolder(index, change)}
            />
          </li>
        ))}
      </ul>
      <CategoryFields
        draft={draft}
        disabled={mutation.isPending}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
      {problem === null ? null : (
        <p role="status" className="text-sm text-ink-soft">
          {problem}
        </p>
      )}
      {mutation.error ? (
        <ErrorNotice error={errorBodyOf(mutation.error)} title="The import did not start" />
      ) : null}
      <Button type="submit" disabled={mapping === null || mutation.isPending}>
        Import with this mapping
      </Button>
    </form>
  );
}
