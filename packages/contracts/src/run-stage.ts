/** @file The stages of a run, in order. */
import { z } from 'zod';

export const runStageSchema = z.enum([
  'queued',
  'features',
  'fit',
  'export',
  'evaluate',
  'publish',
  'done',
]);
export type RunStage = z.infer<typeof runStageSchema>;
