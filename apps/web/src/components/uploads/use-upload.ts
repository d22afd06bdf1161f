/** @file One resumable upload: progress, time left, pause, cancel, and resuming where an earlier attempt stopped. */
'use client';

import type { ErrorBody } from '@plumbline/contracts';
import { useEffect, useRef, useState } from 'react';
import { type DetailedError, Upload } from 'tus-js-client';
import { errorBodyOfJson } from '~/trpc/errors.ts';
import { UploadFailure } from './upload-failure.ts';

const CHUNK_BYTES = 32 * 1024 * 1024;

export interface UploadProgress {
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly secondsLeft: number | null;
  readonly isPaused: boolean;
}

export interface UploadHandle {
  readonly progress: UploadProgress | null;
  /** Resolves with the upload's id, null when cancelled; throws an `UploadFailure`. */
  start(file: File): Promise<string | null>;
  /** Stops sending; what arrived stays. */
  pause(): void;
  resume(): void;
  cancel(): void;
}

interface Running {
  readonly upload: Upload;
  cancelled(): void;
  resumed(): void;
}

export function useUpload(): UploadHandle {
  const [progress, setProgress] = useState<UploadProgress | null>(null);
  const running = useRef<Running | null>(null);
  useEffect(() => () => void running.current?.upload.abort(), []);

  const start = (file: File) =>
    new Promise<string | null>((resolve, reject) => {
      let measure = secondsLeftMeter();
      const finish = () => {
        running.current = null;
        setProgress(null);
      };
      const upload = new Upload(file, {
        endpoint: '/api/v1/uploads',
        chunkSize: CHUNK_BYTES,
        retryDelays: [0, 1000, 3000, 5000, 10_000],
        removeFingerprintOnSuccess: true,
        metadata: { filename: file.name, filetype: file.type || 'application/zip' },
        onProgress: (sentBytes, totalBytes) => {
          const secondsLeft = measure(sentBytes, totalBytes);
          setProgress({ sentBytes, totalBytes, secondsLeft, isPaused: false });
        },
        onError: (error) => {
          finish();
          reject(new UploadFailure(uploadErrorBody(error)));
        },
        onSuccess: () => {
          finish();
          resolve(upload.url?.split('/').pop() ?? null);
        },
      });
      const cancelled = () => {
        finish();
        resolve(null);
      };
      const resumed = () => {
        measure = secondsLeftMeter();
      };
      running.current = { upload, cancelled, resumed };
      setProgress({ sentBytes: 0, totalBytes: file.size, secondsLeft: null, isPaused: false });
      void upload.findPreviousUploads().then((previous) => {
        const [latest] = previous;
        if (latest !== undefined) upload.resumeFromPreviousUpload(latest);
        if (running.current?.upload === upload) upload.start();
      });
    });

  const setPaused = (isPaused: boolean) =>
    setProgress((now) => (now === null ? null : { ...now, isPaused, secondsLeft: null }));
  const pause = () => {
    void running.current?.upload.abort().catch(() => undefined);
    setPaused(true);
  };
  const resume = () => {
    running.current?.resumed();
    running.current?.upload.start();
    setPaused(false);
  };

  const cancel = () => {
    const current = running.current;
    if (current === null) return;
    void current.upload.abort(true).catch(() => undefined);
    current.cancelled();
  };

  return { progress, start, pause, resume, cancel };
}

/** Time left from the mean speed since this attempt began, so that a resumed part does not count. */
function secondsLeftMeter() {
  let first: { at: number; bytes: number } | null = null;
  return (sent: number, total: number): number | null => {
    const now = performance.now();
    first ??= { at: now, bytes: sent };
    const seconds = (now - first.at) / 1000;
    const bytes = sent - first.bytes;
    return seconds < 1 || bytes <= 0 ? null : ((total - sent) * seconds) / bytes;
  };
}

function uploadErrorBody(error: Error | DetailedError): ErrorBody {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (response === null) {
    return {
      code: 'UNAVAILABLE',
      message: 'The upload was interrupted.',
      fix: 'Check the connection and start again with the same file: it continues where it stopped.',
      file: null,
      field: null,
    };
  }
  try {
    return errorBodyOfJson(JSON.parse(response.getBody()), response.getStatus());
  } catch {
    const body = errorBodyOfJson(null, response.getStatus());
    return { ...body, message: response.getBody().trim() || body.message };
  }
}
