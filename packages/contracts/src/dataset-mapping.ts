/** @file What each folder of a dataset is, where no layout says it: written by whoever imports. */
import { z } from 'zod';

/** Paths and patterns that a mapping may hold. */
const MAX_FOLDERS = 1000;
const pathSchema = z
  .string()
  .trim()
  .min(1)
  .max(1000)
  .refine(
    (path) => !path.startsWith('/') && !path.split('/').includes('..') && !path.includes('\\'),
    'Give a path inside the dataset, with forward slashes.',
  );

export const MAPPED_AS = [
  'train-normal',
  'test-normal',
  'test-anomalous',
  'masks',
  'ignore',
] as const;
export const mappedAsSchema = z.enum(MAPPED_AS, {
  error: `Write one of ${MAPPED_AS.join(', ')}.`,
});
export type MappedAs = z.infer<typeof mappedAsSchema>;

export const mappedFolderSchema = z.strictObject({
  /** A folder, with all below it, or a pattern of files: `*` within a name, `**` across folders. */
  path: pathSchema,
  is: mappedAsSchema,
  /** Of `test-anomalous`: the name of its innermost folder when absent. */
  defectType: z.string().trim().min(1).max(100).optional(),
  /**
   * Of `masks`: the name of a mask without its extension, where `{name}` is that of its image, as in `{name}_seg`. The usual
   * endings (`_mask`, `_gt` …) when absent.
   */
  name: z
    .string()
    .max(100)
    .refine((name) => name.includes('{name}'), 'Write {name} where the name of the image stands.')
    .optional(),
});
export type MappedFolder = z.infer<typeof mappedFolderSchema>;

export const datasetMappingSchema = z.strictObject({
  /** A name for all, or the number of the folder in each path that names it, from 1. */
  category: z.union(
    [z.string().trim().min(1).max(80), z.strictObject({ folder: z.number().int().min(1).max(20) })],
    { error: 'Give a name, or "folder: 1" where the first folder of each path is the category.' },
  ),
  /** The first that holds a file says what it is; files in none are ignored. */
  folders: z.array(mappedFolderSchema).min(1).max(MAX_FOLDERS),
});
export type DatasetMapping = z.infer<typeof datasetMappingSchema>;

/** A folder of a source that holds images, as whoever maps it sees it. */
export const surveyedFolderSchema = z.object({
  /** '' is the source itself. */
  path: z.string(),
  /** Images in it, not below. */
  images: z.number().int(),
  /** A few of their names. */
  examples: z.array(z.string()),
});

export const sourceSurveySchema = z.object({
  folders: z.array(surveyedFolderSchema),
  /** A first guess, to be corrected. */
  proposal: datasetMappingSchema,
});
export type SourceSurvey = z.infer<typeof sourceSurveySchema>;
