/** @file Results that have arrived, and the way to their row. */
'use client';

import type { ResultImport } from '@plumbline/contracts';
import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { buttonClass } from '~/components/ui/button-class.ts';
import { leaderboardPath, leaderboardRowId } from '~/format/api-paths.ts';
import { formatPlural } from '~/format/format-number.ts';

interface ImportedRowProps {
  imported: ResultImport;
  datasetVersion: string;
  /** Name of the protocol that the row is under. */
  protocol: string;
  onAnother: () => void;
}

export function ImportedRow({ imported, datasetVersion, protocol, onAnother }: ImportedRowProps) {
  const { dataset, model, modelVersion, total } = imported;
  const board = leaderboardPath(dataset, datasetVersion, protocol);
  const place = useRef<HTMLDivElement>(null);
  // The form that had the focus is gone.
  useEffect(() => place.current?.focus(), []);
  return (
    <div ref={place} tabIndex={-1} className="space-y-4 outline-none">
      <p role="status" className="flex gap-3 rounded-lg border border-ok bg-ok-soft p-4 text-sm">
        <CircleCheck aria-hidden="true" className="size-5 shrink-0 text-ok" />
        <span className="min-w-0">
          <span className="font-medium">
            Imported as {model} v{modelVersion}
          </span>
          {total === null ? '.' : `: ${formatPlural(total, 'image')} evaluated under ${protocol}.`}
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        {modelVersion === null ? null : (
          // Not a `Link`: a row is marked as the target by a real navigation alone.
          <a href={`${board}#${leaderboardRowId(model, modelVersion)}`} className={buttonClass()}>
            See its row on the leaderboard
          </a>
        )}
        <Button variant="secondary" onClick={onAnother}>
          Import more
        </Button>
      </div>
    </div>
  );
}
