/** @file What starts a training run. */
import { z } from 'zod';
import { DEFAULT_BACKBONE } from './embedded-backbones.ts';
import {
  DEFAULT_METHOD,
  METHODS,
  type MethodDefinition,
  methodDefinition,
  methodSchema,
  presetSchema,
  settingProblems,
  settingsDocument,
} from './methods/index.ts';
import { extensionRequestSchema } from './model-extension.ts';
import { MAX_NUMBER, nameSchema } from './names.ts';
import { precisionSchema } from './precision.ts';
import { withSettings } from './settings-of-before.ts';

/** `a, b, and c`. */
const LIST = new Intl.ListFormat('en', { type: 'conjunction' });

/** Largest seed: 31 bits. */
export const SEED_MAX = 2 ** 31 - 1;
const seedMessage = `Give a whole number from 0 to ${SEED_MAX}.`;
export const seedSchema = z
  .number({ error: seedMessage })
  .int(seedMessage)
  .min(0, seedMessage)
  .max(SEED_MAX, seedMessage);

const stepsMessage = 'Give a whole number from 1 to 1000000.';

/** Documented by method; which of them may be given follows from `method`. */
const givenSettings = z.record(z.string(), z.unknown()).meta({
  description: 'Settings of the method, instead of the preset’s.',
  anyOf: METHODS.map((name) => settingsDocument(methodDefinition(name))),
});

const currentInput = z
  .object({
    dataset: nameSchema,
    /** Number of its version; the latest when absent. */
    datasetVersion: z.number().int().positive().max(MAX_NUMBER).optional(),
    method: methodSchema.default(DEFAULT_METHOD),
    preset: presetSchema.default('quick'),
    /** `standard`, `compact`, a name of `backbones.list`, or the path of an .onnx or .safetensors file on the trainer's disk. */
    backbone: z.string().min(1).default(DEFAULT_BACKBONE),
    /** Taps of the backbone, finest first; its own choice (for most those of stride 8 and 16) when absent. */
    featureTaps: z.array(z.string().min(1)).min(1).max(3).optional(),
    /** Of the backbone: `int8` answers faster where the backbone takes most of the time, and its features are a little coarser. float32 when absent. */
    precision: precisionSchema.optional(),
    seed: seedSchema.default(0),
    /** Name of the model that gets the new version; `<dataset>-<method>` when absent. */
    model: nameSchema.optional(),
    /** Optimizer steps per level, instead of the preset's. For trying things out. */
    maxSteps: z
      .number({ error: stepsMessage })
      .int(stepsMessage)
      .min(1, stepsMessage)
      .max(1_000_000, stepsMessage)
      .optional(),
    /** Also train a small decoder that shows what the model expects; it takes a few minutes. Not when absent. */
    decoder: z.boolean().optional(),
    /** Settings of the method in place of the preset's. */
    settings: givenSettings.optional(),
    /** The model version that this run repeats, to see whether the numbers come again. */
    reproduces: z
      .object({ model: nameSchema, version: z.number().int().positive().max(MAX_NUMBER) })
      .optional(),
    /** Adds images to a version of `model` instead of training; see `models.extend`, which fills in all the rest. */
    extends: extensionRequestSchema.optional(),
  })
  .superRefine(({ method: name, settings = {}, decoder }, context) => {
    const method = methodDefinition(name);
    for (const { path, message } of settingProblems(method, settings)) {
      const others = methodsWith(path[0]).filter((title) => title !== method.title);
      const theirs = others.length === 0 ? '' : ` It is a setting of ${LIST.format(others)}.`;
      const isUnknown = !method.fields.some((field) => field.name === path[0]);
      context.addIssue({
        ...{ code: 'custom', path: ['settings', ...path] },
        message: isUnknown ? `${message}${theirs}` : message,
      });
    }
    if (decoder === true && !method.reconstructs)
      context.addIssue({ code: 'custom', path: ['decoder'], message: decoderRefusal(method) });
  });

/** Also takes what was sent, and is stored, from when settings stood under the method's name. */
export const startTrainingInput = z.preprocess(
  (given: z.input<typeof currentInput>, context) => withSettings(given, context),
  currentInput,
);
export type StartTrainingInput = z.infer<typeof startTrainingInput>;

function decoderRefusal({ title }: MethodDefinition): string {
  const able = METHODS.filter((name) => methodDefinition(name).reconstructs);
  return `${title} rebuilds no features, so a decoder has nothing to show. Leave it out, or choose ${able.join(' or ')}.`;
}

/** Titles of the methods that have a setting of this name. */
function methodsWith(setting: string | undefined): string[] {
  return METHODS.map(methodDefinition)
    .filter(({ fields }) => fields.some(({ name }) => name === setting))
    .map(({ title }) => title);
}
