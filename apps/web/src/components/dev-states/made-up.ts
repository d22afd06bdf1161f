/** @file Made-up data for the page of component states. */
import type { ErrorBody, JobStatus, Run, RunStage } from '@plumbline/contracts';

export const MADE_UP_ERROR: ErrorBody = {
  code: 'INVALID_INPUT',
  message: 'bottle/test/broken/003.png cannot be decoded: it ends too early.',
  fix: 'Copy the image again, or remove the file.',
  file: 'bottle/test/broken/003.png',
  field: null,
};

const MESSAGES: Readonly<Record<JobStatus, string>> = {
  queued: 'Waiting for a trainer.',
  running: 'Fitting memory bank: step 120 of 900.',
  succeeded: 'Published parts-patchcore version 1.',
  failed: 'The disk is full.',
  cancelled: 'Cancelled.',
};

export function madeUpRun(status: JobStatus, stage: RunStage, progress: number): Run {
  return {
    id: `made-up-${status}`,
    dataset: 'parts',
    datasetVersion: 'v1-0123456789ab',
    method: 'patchcore',
    preset: 'quick',
    backbone: 'standard',
    seed: 0,
    model: 'parts-patchcore',
    modelVersion: status === 'succeeded' ? 1 : null,
    status,
    stage,
    progress,
    etaSeconds: status === 'running' ? 95 : null,
    message: MESSAGES[status],
    error:
      status === 'failed'
        ? {
            ...MADE_UP_ERROR,
            message: 'The disk is full.',
            fix: 'Free some space, then resume the run.',
            file: null,
          }
        : null,
    cancelRequested: false,
    attempts: 1,
    createdAt: '2026-01-01T09:00:00.000Z',
    startedAt: status === 'queued' ? null : '2026-01-01T09:00:05.000Z',
    finishedAt: status === 'queued' || status === 'running' ? null : '2026-01-01T09:04:00.000Z',
  };
}
