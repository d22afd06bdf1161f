/** @file One file on its way to the server: resumable, with progress and time left. */
import type { ErrorBody } from '@plumbline/contracts';
import { type DetailedError, Upload } from 'tus-js-client';
import { errorBodyOfJson } from '~/trpc/errors.ts';
import { UploadFailure } from './upload-failure.ts';

const CHUNK_BYTES = 32 * 1024 * 1024;
const RETRY_DELAYS_MS = [0, 1000, 3000, 5000, 10_000];

export interface UploadProgress {
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly secondsLeft: number | null;
  readonly isPaused: boolean;
}

export interface Sending {
  /** The upload's id, null when cancelled; rejects with an `UploadFailure`. */
  readonly done: Promise<string | null>;
  /** Stops sending; what arrived stays. */
  pause(): void;
  resume(): void;
  cancel(): void;
}

/** Begins, or goes on where an earlier attempt with the same file stopped. */
export function sendFile(file: File, onProgress: (progress: UploadProgress) => void): Sending {
  let measure = secondsLeftMeter();
  const totalBytes = file.size;
  let latest: UploadProgress = { sentBytes: 0, totalBytes, secondsLeft: null, isPaused: false };
  const tell = (change: Partial<UploadProgress>) => {
    latest = { ...latest, ...change };
    onProgress(latest);
  };
  let resolve: (id: string | null) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const done = new Promise<string | null>((succeed, fail) => {
    resolve = succeed;
    reject = fail;
  });
  const upload = new Upload(file, {
    endpoint: '/api/v1/uploads',
    chunkSize: CHUNK_BYTES,
    retryDelays: RETRY_DELAYS_MS,
    removeFingerprintOnSuccess: true,
    metadata: { filename: file.name, filetype: file.type || 'application/zip' },
    onProgress(sentBytes) {
      if (!latest.isPaused) tell({ sentBytes, secondsLeft: measure(sentBytes, totalBytes) });
    },
    onError: (error) => reject(new UploadFailure(uploadErrorBody(error))),
    onSuccess: () => resolve(upload.url?.split('/').pop() ?? null),
  });
  const begin = async () => {
    const [earlier] = await upload.findPreviousUploads();
    if (earlier !== undefined) upload.resumeFromPreviousUpload(earlier);
    if (!latest.isPaused) upload.start();
  };
  const stop = (isForGood: boolean) => {
    tell({ isPaused: true, secondsLeft: null });
    void upload.abort(isForGood).catch(() => undefined);
  };
  tell({});
  begin().catch(reject);
  return {
    done,
    pause: () => stop(false),
    resume() {
      measure = secondsLeftMeter();
      tell({ isPaused: false });
      upload.start();
    },
    cancel() {
      stop(true);
      resolve(null);
    },
  };
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
