/** @file `results.*`: scores and maps of models from elsewhere, evaluated here. */
import {
  importResultsInput,
  nameSchema,
  type ResultImport,
  resultImportSchema,
} from '@plumbline/contracts';
import { z } from 'zod';
import { engineerProcedure, router, viewerProcedure } from '../trpc.ts';
import { startResultImport } from './start-result-import.ts';

const tags = ['results'];

export const resultsRouter = router({
  import: engineerProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/results',
        tags,
        summary: 'Import scores and maps of an external model onto a leaderboard',
      },
      created: ({ id }: ResultImport) => `/v1/results/${id}`,
    })
    .input(importResultsInput)
    .output(resultImportSchema)
    .mutation(({ ctx, input }) => startResultImport(ctx, input)),

  imports: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/results',
        tags,
        summary: 'The latest imports of results, newest first',
      },
    })
    .input(z.object({ dataset: nameSchema.optional() }))
    .output(z.array(resultImportSchema))
    .query(({ ctx, input }) => ctx.database.results.list(input.dataset)),

  importStatus: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/results/{id}',
        tags,
        summary: 'How far an import of results is',
      },
    })
    .input(z.object({ id: z.string().min(1) }))
    .output(resultImportSchema)
    .query(({ ctx, input }) => ctx.database.results.get(input.id)),
});
