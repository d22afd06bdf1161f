/** @file One upload of a page: how far it is, pause and cancel. */
'use client';

import { useEffect, useRef, useState } from 'react';
import { type Sending, sendFile, type UploadProgress } from './send-file.ts';

export interface UploadHandle extends Pick<Sending, 'pause' | 'resume' | 'cancel'> {
  readonly progress: UploadProgress | null;
  /** Resolves with the upload's id, null when cancelled; throws an `UploadFailure`. */
  start(file: File): Promise<string | null>;
}

export function useUpload(): UploadHandle {
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const running = useRef<Sending | null>(null);
  // Who leaves the page can go on later with the same file.
  useEffect(() => () => running.current?.pause(), []);

  const start = async (file: File) => {
    const sending = sendFile(file, setProgress);
    running.current = sending;
    try {
      return await sending.done;
    } finally {
      running.current = null;
      setProgress(null);
    }
  };
  return {
    progress,
    start,
    pause: () => running.current?.pause(),
    resume: () => running.current?.resume(),
    cancel: () => running.current?.cancel(),
  };
}
