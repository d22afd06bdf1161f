/** @file `leaderboards.*`: comparable model versions, ranked. */
import { leaderboardSchema, leaderboardSummarySchema, nameSchema } from '@plumbline/contracts';
import { z } from 'zod';
import { procedure, router } from '../trpc.ts';
import { buildLeaderboard, listLeaderboards } from './build-leaderboard.ts';

const tags = ['leaderboards'];

export const leaderboardsRouter = router({
  list: procedure
    .meta({
      openapi: { method: 'GET', path: '/v1/leaderboards', tags, summary: 'One line a dataset' },
    })
    .input(z.void())
    .output(z.array(leaderboardSummarySchema))
    .query(({ ctx }) => listLeaderboards(ctx)),

  get: procedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/leaderboards/{dataset}',
        tags,
        summary: 'Model versions on the current version of a dataset, ranked',
      },
    })
    .input(z.object({ dataset: nameSchema }))
    .output(leaderboardSchema)
    .query(({ ctx, input }) => buildLeaderboard(ctx, input.dataset)),
});
