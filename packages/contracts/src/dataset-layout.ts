/** @file A way to arrange a dataset's files that imports recognize. */
import { z } from 'zod';

export const datasetLayoutSchema = z.object({
  /** In manifests. */
  name: z.string(),
  title: z.string(),
  /** Lines to read: files, and what they are. */
  expected: z.string(),
});
export type DatasetLayout = z.infer<typeof datasetLayoutSchema>;
