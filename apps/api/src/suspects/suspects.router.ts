/** @file `suspects.*`: training images that may not belong, looked for before a training. */
import {
  decidedSuspectsSchema,
  decideSuspectsInput,
  type SuspectSearch,
  startSuspectSearchInput,
  suspectReviewSchema,
  suspectSearchSchema,
} from '@plumbline/contracts';
import { z } from 'zod';
import { engineerProcedure, router, viewerProcedure } from '../trpc.ts';
import { decideSuspects } from './decide-suspects.ts';
import { startSuspectSearch } from './start-suspect-search.ts';

const tags = ['datasets'];
const searchId = z.object({ id: z.string().min(1) });

export const suspectsRouter = router({
  start: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/datasets/{name}/suspects',
        tags,
        summary: 'Look through the normal training images for ones that don’t belong',
        description:
          'Each image is compared with the others by the features of the backbone `compact`; nothing is trained. The answer is a search, which a trainer works on.',
      },
      created: ({ id }: SuspectSearch) => `/v1/suspects/${id}`,
    })
    .input(startSuspectSearchInput)
    .output(suspectSearchSchema)
    .mutation(({ ctx, input }) => startSuspectSearch(ctx, input)),

  review: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/datasets/{name}/suspects',
        tags,
        summary: 'Training images of a version that stand out, and which nobody has decided on',
        description:
          'By the latest search of that version, or of an earlier one for the images that it still has.',
      },
    })
    .input(startSuspectSearchInput)
    .output(suspectReviewSchema)
    .query(({ ctx, input }) => ctx.database.suspects.review(input)),

  decide: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/datasets/{name}/suspects/decisions',
        tags,
        summary:
          'Keep suspects of the latest version, exclude them or move them to the test images',
        description:
          'What is kept is remembered and not asked about again. The rest makes the next version, in one import.',
      },
    })
    .input(decideSuspectsInput)
    .output(decidedSuspectsSchema)
    .mutation(({ ctx, input }) => decideSuspects(ctx, input)),

  get: viewerProcedure
    .meta({
      openapi: { method: 'GET', path: '/v1/suspects/{id}', tags, summary: 'How far a search is' },
    })
    .input(searchId)
    .output(suspectSearchSchema)
    .query(({ ctx, input }) => ctx.database.suspects.get(input.id)),

  cancel: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/suspects/{id}/cancel',
        tags,
        summary: 'Ask a search for suspects to stop',
      },
    })
    .input(searchId)
    .output(suspectSearchSchema)
    .mutation(({ ctx, input }) => ctx.database.suspects.requestCancel(input.id)),
});
