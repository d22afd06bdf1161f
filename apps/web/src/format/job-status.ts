/** @file Which states of a run or import still change, and what the stages of a run are called. */
import type { JobStatus, RunStage } from '@plumbline/contracts';

export function isActive(status: JobStatus | undefined): boolean {
  return status === 'queued' || status === 'running';
}

/** The stages in order, as the stepper shows them. */
export const STAGES: { stage: RunStage; label: string; about: string }[] = [
  { stage: 'queued', label: 'Queue', about: 'Waiting for a trainer' },
  { stage: 'features', label: 'Features', about: 'The backbone reads the training images' },
  { stage: 'fit', label: 'Fit', about: 'The method learns what normal looks like' },
  { stage: 'export', label: 'Export', about: 'The model becomes one ONNX file' },
  { stage: 'evaluate', label: 'Evaluate', about: 'The test split is inspected' },
  { stage: 'publish', label: 'Publish', about: 'The model version is written' },
  { stage: 'done', label: 'Done', about: 'Finished' },
];

export function stageLabel(stage: RunStage): string {
  return STAGES.find((one) => one.stage === stage)?.label ?? stage;
}
