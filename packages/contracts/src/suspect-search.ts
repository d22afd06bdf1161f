/**
 * @file Training images that may not belong, looked for before anything is trained: each is compared with the others of
 * its dataset version, and a person decides what becomes of those that stand out.
 */
import { z } from 'zod';
import { datasetImportSchema, jobStatusSchema } from './dataset.ts';
import { versionNumberSchema } from './dataset-edit.ts';
import { errorBodySchema } from './error-body.ts';
import { nameSchema } from './names.ts';
import { SUSPECT_CHOICES } from './suspect-choices.ts';
import { suspectSchema } from './training-scores.ts';

/** Images of a category that are scored, at most; each is compared with all. */
export const SEARCHED_IMAGES = 2000;
/** Listed in all, at most. */
export const SEARCH_LISTED = 60;
/** Listed of each category in any case, as far as there is room: a person sees how far the next ones are from the cut. */
export const SEARCH_LISTED_LEAST = 6;
/** Values along a side of the map that is kept of a suspect. */
export const SUSPECT_MAP_SIDE = 64;

export const startSuspectSearchInput = z.object({
  /** Of the dataset. */
  name: nameSchema,
  /** The latest when absent. */
  version: versionNumberSchema.optional(),
});
export type StartSuspectSearch = z.infer<typeof startSuspectSearchInput>;

export const foundSuspectsSchema = z.object({
  /** The backbone by whose features images were compared. */
  backbone: z.string(),
  /** Normal training images of the version. */
  images: z.number().int(),
  /** Of these, those with a score. */
  scored: z.number().int(),
  /** Categories with too few scores to show what is usual. */
  tooFew: z.array(z.string()),
  /** At or above the robust cut of their category. */
  beyondCut: z.number().int(),
  /** Those that stand out most first: beyond the cut, and the first 6 of each category; at most 60. */
  listed: z.array(suspectSchema),
});
export type FoundSuspects = z.infer<typeof foundSuspectsSchema>;

export const suspectSearchSchema = z.object({
  id: z.string(),
  dataset: nameSchema,
  version: z.number().int(),
  status: jobStatusSchema,
  /** Steps of the work done so far and in all; null before it has begun. */
  checked: z.number().int(),
  total: z.number().int().nullable(),
  cancelRequested: z.boolean(),
  createdAt: z.string(),
  finishedAt: z.string().nullable(),
  error: errorBodySchema.nullable(),
  /** Set once it succeeded. */
  found: foundSuspectsSchema.nullable(),
});
export type SuspectSearch = z.infer<typeof suspectSearchSchema>;

export const reviewedSuspectSchema = suspectSchema.extend({
  /** Place in the list of the search: its heatmap is found by it. */
  position: z.number().int(),
  /**
   * `undecided`: beyond the cut, and nobody has said what becomes of it. `kept`: somebody has looked at it, and it belongs.
   * `gone`: no normal training image of the version any more. `usual`: below the cut.
   */
  state: z.enum(['undecided', 'kept', 'gone', 'usual']),
});
export type ReviewedSuspect = z.infer<typeof reviewedSuspectSchema>;

/** What is known of a dataset version's suspects: by a search of its own, or by the latest of an earlier version. */
export const suspectReviewSchema = z.object({
  dataset: nameSchema,
  version: z.number().int(),
  /** Asked for last of this version, whatever came of it; its list is in `suspects`. */
  latest: suspectSearchSchema.omit({ found: true }).nullable(),
  /** The search that the rest is about; null where none has ended well. */
  search: foundSuspectsSchema
    .omit({ listed: true })
    .extend({ id: z.string(), version: z.number().int(), finishedAt: z.string() })
    .nullable(),
  suspects: z.array(reviewedSuspectSchema),
  /** Beyond the cut, still normal training images of the version, and not decided on. */
  undecided: z.number().int(),
  /** Normal training images of the version that the searched one did not have. */
  unseen: z.number().int(),
});
export type SuspectReview = z.infer<typeof suspectReviewSchema>;

const decisionsSchema = z
  .array(z.object({ path: z.string().min(1), choice: z.enum(SUSPECT_CHOICES) }))
  .min(1)
  .max(SEARCH_LISTED);
export type SuspectDecision = z.infer<typeof decisionsSchema>[number];

export const decideSuspectsInput = z.object({ name: nameSchema, decisions: decisionsSchema });
export type DecideSuspects = z.infer<typeof decideSuspectsInput>;

export const decideRunSuspectsInput = z.object({
  /** Of the run. */
  id: z.string().min(1),
  decisions: decisionsSchema,
});
export type DecideRunSuspects = z.infer<typeof decideRunSuspectsInput>;

export const decidedSuspectsSchema = z.object({
  kept: z.number().int(),
  /** Of the next version; null where all are kept, which changes no image. */
  import: datasetImportSchema.nullable(),
});
export type DecidedSuspects = z.infer<typeof decidedSuspectsSchema>;

/** What a model's card and manifest say of it. */
export const lookedThroughSchema = z.object({
  /** The version whose training images were looked through. */
  version: z.number().int(),
  scored: z.number().int(),
  beyondCut: z.number().int(),
  undecided: z.number().int(),
  unseen: z.number().int(),
});
export type LookedThrough = z.infer<typeof lookedThroughSchema>;

/** Null where no search has ended well. */
export function lookedThrough({ search, undecided, unseen }: SuspectReview): LookedThrough | null {
  if (search === null) return null;
  const { version, scored, beyondCut } = search;
  return { version, scored, beyondCut, undecided, unseen };
}

/** In sentences: what was looked through, what stood out, and what nobody has decided on. */
export function lookedThroughWords(
  looked: LookedThrough | null,
  /** That is asked about. */
  version: number,
): string {
  if (looked === null)
    return `The training images of version ${version} have not been looked through for ones that don’t belong.`;
  const { scored, beyondCut, undecided, unseen } = looked;
  const of = looked.version === version ? '' : ` of version ${looked.version}`;
  const images = `${scored} normal training ${scored === 1 ? 'image' : 'images'}`;
  const stood =
    beyondCut === 0
      ? 'none stands out'
      : `${beyondCut} ${beyondCut === 1 ? 'stands' : 'stand'} out, ${undecidedWords(undecided, beyondCut)}`;
  return [
    `${images}${of} were compared, each with the others: ${stood}.`,
    ...(unseen === 0
      ? []
      : [
          `${unseen} ${unseen === 1 ? 'image was' : 'images were'} added since and ${unseen === 1 ? 'has' : 'have'} not been looked through.`,
        ]),
  ].join(' ');
}

function undecidedWords(undecided: number, beyondCut: number): string {
  if (undecided === 0) return beyondCut === 1 ? 'and it was decided on' : 'and all were decided on';
  return `${undecided} of them undecided`;
}
