/** @file How far a folder is packed. */
'use client';

import { Button } from '~/components/ui/button.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { formatCount } from '~/format/format-number.ts';
import type { Packing } from './use-picked-upload.ts';

export function PackingBar({ packing: { packed, total, cancel } }: { packing: Packing }) {
  return (
    <div className="space-y-3">
      <ProgressBar
        label="Reading the folder"
        value={packed / total}
        detail={`${formatCount(packed)} of ${formatCount(total)} files`}
      />
      <Button variant="secondary" onClick={cancel}>
        Cancel
      </Button>
    </div>
  );
}
