/** @file How far an upload is. */
'use client';

import { Button } from '~/components/ui/button.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { formatBytes } from '~/format/format-number.ts';
import { formatTimeLeft } from '~/format/format-time.ts';
import type { UploadProgress } from './use-upload.ts';

export function UploadBar({
  progress,
  onCancel,
}: {
  progress: UploadProgress;
  onCancel: () => void;
}) {
  const { sentBytes, totalBytes, secondsLeft } = progress;
  const amount = `${formatBytes(sentBytes)} of ${formatBytes(totalBytes)}`;
  return (
    <div className="space-y-3">
      <ProgressBar
        label="Uploading"
        value={totalBytes === 0 ? null : sentBytes / totalBytes}
        detail={secondsLeft === null ? amount : `${amount}, ${formatTimeLeft(secondsLeft)}`}
      />
      <Button variant="secondary" onClick={onCancel}>
        Cancel the upload
      </Button>
    </div>
  );
}
