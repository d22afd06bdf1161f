/** @file `leaderboards.*`: comparable model versions, ranked and compared; published results; repeating a row. */
import {
  boardInput,
  comparisonInput,
  comparisonSchema,
  leaderboardSchema,
  leaderboardSummarySchema,
  MAX_NUMBER,
  namedProtocolSchema,
  nameSchema,
  publishedBoardSchema,
  type Run,
  reproductionSchema,
  runSchema,
} from '@plumbline/contracts';
import { z } from 'zod';
import { engineerProcedure, router, viewerProcedure } from '../trpc.ts';
import { buildLeaderboard, listLeaderboards } from './build-leaderboard.ts';
import { compareRows } from './compare-rows.ts';
import { listNamedProtocols, listPublishedResults } from './published-results.ts';
import { getReproduction, listReproductions } from './reproduction.ts';
import { rerunVersion } from './rerun-version.ts';

const tags = ['leaderboards'];
const versionInput = z.object({
  name: nameSchema,
  version: z.number().int().positive().max(MAX_NUMBER),
});

export const leaderboardsRouter = router({
  list: viewerProcedure
    .meta({
      openapi: { method: 'GET', path: '/v1/leaderboards', tags, summary: 'One line per dataset' },
    })
    .input(z.void())
    .output(z.array(leaderboardSummarySchema))
    .query(({ ctx }) => listLeaderboards(ctx)),

  get: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/leaderboards/{dataset}',
        tags,
        summary: 'Model versions on a dataset version under a protocol, ranked with tie groups',
      },
    })
    .input(boardInput)
    .output(leaderboardSchema)
    .query(({ ctx, input }) => buildLeaderboard(ctx, input)),

  compare: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/leaderboards/{dataset}/compare',
        tags,
        summary: 'Two rows side by side: settings, metrics, a paired test, images',
      },
    })
    .input(comparisonInput)
    .output(comparisonSchema)
    .query(({ ctx, input }) => compareRows(ctx, input)),

  published: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/published-results',
        tags,
        summary: 'Results that others published on standard datasets, with their sources',
      },
    })
    .input(z.object({ standard: z.string().optional(), dataset: nameSchema.optional() }))
    .output(z.array(publishedBoardSchema))
    .query(({ ctx, input }) => listPublishedResults(ctx, input)),

  protocols: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/protocols',
        tags,
        summary: 'Evaluation protocols by name, and how others differ from Plumbline’s',
      },
    })
    .input(z.void())
    .output(z.array(namedProtocolSchema))
    .query(() => listNamedProtocols()),

  rerun: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/models/{name}/versions/{version}/rerun',
        tags,
        summary: 'Start a run that repeats a version from its manifest',
      },
      created: ({ id }: Run) => `/v1/runs/${id}`,
    })
    .input(versionInput)
    .output(runSchema)
    .mutation(({ ctx, input }) => rerunVersion(ctx, input.name, input.version)),

  reproductions: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/versions/{version}/reproductions',
        tags,
        summary: 'Runs that repeat a version, and whether the numbers came out the same',
      },
    })
    .input(versionInput)
    .output(z.array(reproductionSchema))
    .query(({ ctx, input }) => listReproductions(ctx, input.name, input.version)),

  reproduction: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/models/{name}/versions/{version}/reproductions/{run}',
        tags,
        summary: 'One run that repeats a version',
      },
    })
    .input(versionInput.extend({ run: z.string() }))
    .output(reproductionSchema)
    .query(({ ctx, input }) => getReproduction(ctx, input.name, input.version, input.run)),
});
