/** @file Training runs: what starts one, and what can be seen of it. */
import { z } from 'zod';
import { jobStatusSchema } from './dataset.ts';
import { DEFAULT_BACKBONE } from './embedded-backbones.ts';
import { errorBodySchema } from './errors.ts';
import { MAX_NUMBER, nameSchema } from './names.ts';
import { rlrSettingsSchema } from './rlr-settings.ts';

export const METHODS = ['rlr', 'padim', 'patchcore'] as const;
export const PRESETS = ['quick', 'paper', 'edge', 'tiny'] as const;

export const methodSchema = z.enum(METHODS);
export const presetSchema = z.enum(PRESETS);
export type PresetName = z.infer<typeof presetSchema>;

export const startTrainingInput = z
  .object({
    dataset: nameSchema,
    method: methodSchema.default('rlr'),
    preset: presetSchema.default('quick'),
    /** `standard`, `compact`, a name of `backbones.list`, or the path of an .onnx or .safetensors file on the trainer's disk. */
    backbone: z.string().min(1).default(DEFAULT_BACKBONE),
    /** Taps of the backbone, finest first; its own choice (for most those of stride 8 and 16) when absent. */
    featureTaps: z.array(z.string().min(1)).min(1).max(3).optional(),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(0),
    /** Name of the model that gets the new version; `<dataset>-<method>` when absent. */
    model: nameSchema.optional(),
    /** Optimiser steps a level, in place of the preset's. For trying things out. */
    maxSteps: z.number().int().min(1).max(1_000_000).optional(),
    /** Also train a small decoder that shows what the model takes for normal; it takes a few minutes. Not when absent. */
    decoder: z.boolean().optional(),
    /** Settings of the method in place of the preset's. */
    rlr: rlrSettingsSchema.optional(),
    /** The model version that this run repeats, to see whether the numbers come again. */
    reproduces: z
      .object({ model: nameSchema, version: z.number().int().positive().max(MAX_NUMBER) })
      .optional(),
  })
  .refine((input) => input.rlr === undefined || input.method === 'rlr', {
    path: ['rlr'],
    message: 'These are settings of RLR, and another method was chosen.',
  });
export type StartTrainingInput = z.infer<typeof startTrainingInput>;

/** The methods' settings, by method: what of a training input a method looks at. */
export type MethodSettings = Pick<StartTrainingInput, 'rlr'>;

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

export const lossPointSchema = z.object({
  level: z.string(),
  step: z.number().int(),
  loss: z.number(),
});
export type LossPoint = z.infer<typeof lossPointSchema>;

export const runLogLineSchema = z.object({
  id: z.number().int(),
  at: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  text: z.string(),
});
export type RunLogLine = z.infer<typeof runLogLineSchema>;
