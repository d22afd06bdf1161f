/** @file Training runs: what starts one, and what can be seen of it. */
import { z } from 'zod';
import { jobStatusSchema } from './dataset.ts';
import { DEFAULT_BACKBONE } from './embedded-backbones.ts';
import { errorBodySchema } from './errors.ts';
import { MAX_NUMBER, nameSchema } from './names.ts';
import { imageSizeSchema } from './training/image-size.ts';
import { METHOD_SPECS } from './training/method-specs.ts';
import { padimSettingsSchema } from './training/padim-presets.ts';
import { patchCoreSettingsSchema } from './training/patchcore-presets.ts';
import { rlrSettingsSchema } from './training/rlr-settings.ts';

export const METHODS = ['patchcore', 'rlr', 'padim'] as const;
/** What a run takes that names none: with `DEFAULT_BACKBONE` the best that minutes give (README, Results). */
export const DEFAULT_METHOD: (typeof METHODS)[number] = 'patchcore';
export const PRESETS = ['quick', 'paper', 'edge', 'tiny'] as const;

export const methodSchema = z.enum(METHODS);
export const presetSchema = z.enum(PRESETS);
export type PresetName = z.infer<typeof presetSchema>;

/** Largest seed: 31 bits. */
export const SEED_MAX = 2 ** 31 - 1;
const seedMessage = `Give a whole number from 0 to ${SEED_MAX}.`;
export const seedSchema = z
  .number({ error: seedMessage })
  .int(seedMessage)
  .min(0, seedMessage)
  .max(SEED_MAX, seedMessage);

const stepsMessage = 'Give a whole number from 1 to 1000000.';

export const startTrainingInput = z
  .object({
    dataset: nameSchema,
    method: methodSchema.default(DEFAULT_METHOD),
    preset: presetSchema.default('quick'),
    /** `standard`, `compact`, a name of `backbones.list`, or the path of an .onnx or .safetensors file on the trainer's disk. */
    backbone: z.string().min(1).default(DEFAULT_BACKBONE),
    /** Taps of the backbone, finest first; its own choice (for most those of stride 8 and 16) when absent. */
    featureTaps: z.array(z.string().min(1)).min(1).max(3).optional(),
    seed: seedSchema.default(0),
    /** Name of the model that gets the new version; `<dataset>-<method>` when absent. */
    model: nameSchema.optional(),
    /** Optimiser steps a level, in place of the preset's. For trying things out. */
    maxSteps: z
      .number({ error: stepsMessage })
      .int(stepsMessage)
      .min(1, stepsMessage)
      .max(1_000_000, stepsMessage)
      .optional(),
    /** Also train a small decoder that shows what the model takes for normal; it takes a few minutes. Not when absent. */
    decoder: z.boolean().optional(),
    /** Side of the square that images are brought to, in place of the preset's. */
    imageSizePx: imageSizeSchema.optional(),
    /** Settings of the method in place of the preset's, under its name. */
    rlr: rlrSettingsSchema.optional(),
    patchcore: patchCoreSettingsSchema.optional(),
    padim: padimSettingsSchema.optional(),
    /** The model version that this run repeats, to see whether the numbers come again. */
    reproduces: z
      .object({ model: nameSchema, version: z.number().int().positive().max(MAX_NUMBER) })
      .optional(),
  })
  .superRefine((input, context) => {
    const { title, settingNames } = METHOD_SPECS[input.method];
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    for (const other of METHODS) {
      if (other === input.method || input[other] === undefined) continue;
      const names = `${title} has ${settingNames.join(', ')}`;
      refuse(other, `These are settings of ${METHOD_SPECS[other].title}. ${names}.`);
    }
    const own = input.rlr?.imageSizePx;
    if (own !== undefined && input.imageSizePx !== undefined && own !== input.imageSizePx)
      refuse('imageSizePx', `It is given twice: ${input.imageSizePx}, and ${own} under rlr.`);
    if (input.decoder === true && !METHOD_SPECS[input.method].reconstructs)
      refuse('decoder', decoderRefusal(input.method));
  });
export type StartTrainingInput = z.infer<typeof startTrainingInput>;

/** What of a training input a method looks at. */
export type MethodSettings = Pick<
  StartTrainingInput,
  'imageSizePx' | 'rlr' | 'patchcore' | 'padim'
>;

function decoderRefusal(method: (typeof METHODS)[number]): string {
  const able = METHODS.filter((name) => METHOD_SPECS[name].reconstructs);
  return `${METHOD_SPECS[method].title} rebuilds no features, so a decoder has nothing to show. Leave it out, or choose ${able.join(' or ')}.`;
}

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

export const runLogLineSchema = z.object({
  id: z.number().int(),
  at: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  text: z.string(),
});
export type RunLogLine = z.infer<typeof runLogLineSchema>;
