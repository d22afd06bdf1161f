/** @file The import dialog: a form first, then the progress of what it started; and what each folder is, where no layout says it. */
'use client';

import type { DatasetImport, DatasetLayout, ImportDatasetInput } from '@plumbline/contracts';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '~/components/access/caller.tsx';
import { Button } from '~/components/ui/button.tsx';
import { Dialog } from '~/components/ui/dialog.tsx';
import { ImportForm } from './import-form.tsx';
import { ImportProgress } from './import-progress.tsx';
import { type FilesRequest, MappingForm } from './mapping-form.tsx';

interface StartedImport {
  readonly job: DatasetImport;
  readonly request: ImportDatasetInput;
}

export function ImportDialog({ layouts }: { layouts: readonly DatasetLayout[] }) {
  const mayImport = useMay('engineer');
  const [open, setOpen] = useState(false);
  const [started, setStarted] = useState<StartedImport | null>(null);
  /** What is to be mapped. */
  const [mapped, setMapped] = useState<FilesRequest | null>(null);
  const reset = () => {
    setStarted(null);
    setMapped(null);
  };
  const changeOpen = (next: boolean) => {
    setOpen(next);
    if (!next) reset();
  };
  const start = (job: DatasetImport, request: ImportDatasetInput) => {
    setMapped(null);
    setStarted({ job, request });
  };
  if (!mayImport) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Plus aria-hidden="true" className="size-4" />
        Import a dataset
      </Button>
      <Dialog
        open={open}
        onOpenChange={changeOpen}
        title={mapped === null ? 'Import a dataset' : 'What each folder is'}
        description="The whole dataset is checked first: every image is decoded and every mask compared with its image."
      >
        {mapped !== null ? (
          <MappingForm request={mapped} onStarted={(job) => start(job, mapped)} />
        ) : started === null ? (
          <ImportForm layouts={layouts} onStarted={start} />
        ) : (
          <StartedView started={started} onMap={setMapped} onAnother={reset} />
        )}
      </Dialog>
    </>
  );
}

interface StartedViewProps {
  started: StartedImport;
  onMap: (request: FilesRequest) => void;
  onAnother: () => void;
}

function StartedView({ started: { job, request }, onMap, onAnother }: StartedViewProps) {
  const { source } = request;
  const files = source.kind === 'path' || source.kind === 'upload' ? source : null;
  return (
    <div className="space-y-4">
      <ImportProgress
        key={job.id}
        initial={job}
        failedAction={({ field }) =>
          files !== null && field === 'mapping' ? (
            <Button onClick={() => onMap({ ...request, source: files })}>
              Say what each folder is
            </Button>
          ) : null
        }
      />
      <Button variant="secondary" onClick={onAnother}>
        Import another
      </Button>
    </div>
  );
}
