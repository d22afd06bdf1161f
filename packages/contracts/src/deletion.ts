/** @file What goes when something is deleted, and what stands in the way. */
import { z } from 'zod';
import { MAX_NUMBER, nameSchema, sha256Schema } from './names.ts';

export const deletedKindSchema = z.enum([
  'dataset version',
  'model',
  'model version',
  'training run',
  'result import',
  'kept image',
]);
export type DeletedKind = z.infer<typeof deletedKindSchema>;

/** Items that a plan names, of each kind; `counts` has all. */
export const MAX_NAMED_ITEMS = 200;

export const deletionPlanSchema = z.object({
  /** In a sentence: `the dataset "nuts"`, `version 2 of the model "nuts-rlr"`. */
  what: z.string(),
  /** What has to be typed before it goes; null where a click is enough. */
  typed: z.string().nullable(),
  counts: z.array(z.object({ kind: deletedKindSchema, count: z.number().int() })),
  /** At most 200 of each kind. */
  items: z.array(
    z.object({
      kind: deletedKindSchema,
      /** `nuts v2`, `nuts-rlr/3`, or the id of a run or an import. */
      name: z.string(),
      /** As `serves`, or the method and state of a run; empty where there is nothing to say. */
      detail: z.string(),
    }),
  ),
  /** What has to be done first; while there are any, nothing is deleted. */
  blockers: z.array(z.object({ reason: z.string(), fix: z.string() })),
  /** Of bundles, bytes; images that nothing else refers to come on top, kept ones of inspections too. */
  bundleBytes: z.number().int(),
  /** Of exactly these items: given back with the deletion, nothing goes that was not seen. */
  seen: sha256Schema,
});
export type DeletionPlan = z.infer<typeof deletionPlanSchema>;

const seen = sha256Schema
  .optional()
  .meta({ description: '`seen` of the plan: CONFLICT when something else would go by now.' });
const version = z.number().int().positive().max(MAX_NUMBER);

/** A dataset or a model; all of its versions when absent. */
export const planDeletionInput = z.object({ name: nameSchema, version: version.optional() });
export const deleteNamedInput = z.object({ name: nameSchema, seen });
export const deleteVersionInput = z.object({ name: nameSchema, version, seen });
export const deleteRunInput = z.object({ id: z.string(), seen });

export type DeletionTarget =
  | { readonly kind: 'dataset' | 'model'; readonly name: string; readonly version?: number }
  | { readonly kind: 'run'; readonly id: string };

/** `2 model versions`. */
export function deletedWords({ counts }: Pick<DeletionPlan, 'counts'>): string[] {
  return counts.map(({ kind, count }) => (count === 1 ? `1 ${kind}` : `${count} ${kind}s`));
}
