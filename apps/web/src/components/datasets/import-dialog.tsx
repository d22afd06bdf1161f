/** @file The import dialog: a form first, then the progress of what it started. */
'use client';

import type { DatasetImport, DatasetLayout } from '@plumbline/contracts';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { Dialog } from '~/components/ui/dialog.tsx';
import { ImportForm } from './import-form.tsx';
import { ImportProgress } from './import-progress.tsx';

export function ImportDialog({ layouts }: { layouts: readonly DatasetLayout[] }) {
  const [open, setOpen] = useState(false);
  const [started, setStarted] = useState<DatasetImport | null>(null);
  const changeOpen = (next: boolean) => {
    setOpen(next);
    if (!next) setStarted(null);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Plus aria-hidden="true" className="size-4" />
        Import a dataset
      </Button>
      <Dialog
        open={open}
        onOpenChange={changeOpen}
        title="Import a dataset"
        description="The whole dataset is checked first: every image is decoded and every mask compared with its image."
      >
        {started === null ? (
          <ImportForm layouts={layouts} onStarted={setStarted} />
        ) : (
          <div className="space-y-4">
            <ImportProgress initial={started} />
            <Button variant="secondary" onClick={() => setStarted(null)}>
              Import another
            </Button>
          </div>
        )}
      </Dialog>
    </>
  );
}
