/** @file Training runs: what can be seen of one. */
import { z } from 'zod';
import { jobStatusSchema } from './dataset.ts';
import { errorBodySchema } from './error-body.ts';
import { nameSchema } from './names.ts';
import { runStageSchema } from './run-stage.ts';
export const runSchema = z.object({
  id: z.string(),
  dataset: nameSchema,
  datasetVersion: z.string(),
  method: z.string(),
  preset: z.string(),
  backbone: z.string(),
  seed: z.number().int(),
  model: nameSchema,
  /** Set once published. */
  modelVersion: z.number().int().nullable(),
  status: jobStatusSchema,
  stage: runStageSchema,
  /** 0 to 1 over the whole run. */
  progress: z.number().min(0).max(1),
  etaSeconds: z.number().nullable(),
  /** One sentence about what is going on. */
  message: z.string(),
  error: errorBodySchema.nullable(),
  cancelRequested: z.boolean(),
  /** Set for a run that repeats a model version. */
  reproduces: z.object({ model: nameSchema, version: z.number().int() }).nullish(),
  /** How many trainers have taken it; above 1 it was taken over or retried. */
  attempts: z.number().int(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});
export type Run = z.infer<typeof runSchema>;

export const runLogLineSchema = z.object({
  id: z.number().int(),
  at: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  text: z.string(),
});
export type RunLogLine = z.infer<typeof runLogLineSchema>;
