/** @file How far an upload is, with what stops it for a while and for good. */
'use client';

import { Pause, Play } from 'lucide-react';
import { Button } from '~/components/ui/button.tsx';
import { ProgressBar } from '~/components/ui/progress-bar.tsx';
import { formatBytes } from '~/format/format-number.ts';
import { formatTimeLeft } from '~/format/format-time.ts';
import type { UploadProgress } from './send-file.ts';
import type { UploadHandle } from './use-upload.ts';

interface UploadBarProps {
  progress: UploadProgress;
  upload: Pick<UploadHandle, 'pause' | 'resume' | 'cancel'>;
}

export function UploadBar({ progress, upload }: UploadBarProps) {
  const { sentBytes, totalBytes, secondsLeft, isPaused } = progress;
  const amount = `${formatBytes(sentBytes)} of ${formatBytes(totalBytes)}`;
  return (
    <div className="space-y-3">
      <ProgressBar
        label={isPaused ? 'Paused' : 'Uploading'}
        value={totalBytes === 0 ? null : sentBytes / totalBytes}
        detail={secondsLeft === null ? amount : `${amount}, ${formatTimeLeft(secondsLeft)}`}
      />
      <div className="flex flex-wrap gap-2">
        <Button variant="secondary" onClick={isPaused ? upload.resume : upload.pause}>
          {isPaused ? (
            <Play aria-hidden="true" className="size-4" />
          ) : (
            <Pause aria-hidden="true" className="size-4" />
          )}
          {isPaused ? 'Go on' : 'Pause'}
        </Button>
        <Button variant="secondary" onClick={upload.cancel}>
          Cancel the upload
        </Button>
      </div>
    </div>
  );
}
