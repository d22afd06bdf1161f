/** @file `batches.*`: many images inspected by a job. Results and heatmaps are raw routes. */
import { type Batch, batchSchema, startBatchInput } from '@plumbline/contracts';
import { z } from 'zod';
import { operatorProcedure, router } from '../trpc.ts';
import { cancelBatch, listBatches, ownBatch } from './own-batches.ts';
import { startBatch } from './start-batch.ts';

const tags = ['batches'];
const idInput = z.object({ id: z.string().min(1) });

export const batchesRouter = router({
  start: operatorProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/batches',
        tags,
        summary: 'Inspect many images: of a dataset version, or of an uploaded .zip',
        description:
          'A job does it while nobody else asks for inspections; follow it at its address. All images are judged by one version and one threshold ' +
          'profile. These inspections do not count in monitoring, and their images are not kept.',
      },
      created: ({ id }: Batch) => `/v1/batches/${id}`,
      isDoneLater: true,
    })
    .input(startBatchInput)
    .output(batchSchema)
    .mutation(({ ctx, input }) => startBatch(ctx, input)),

  list: operatorProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/batches',
        tags,
        summary: 'The latest batches that you started, newest first; engineers see all',
      },
    })
    .input(z.void())
    .output(z.array(batchSchema))
    .query(({ ctx }) => listBatches(ctx)),

  get: operatorProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/batches/{id}',
        tags,
        summary:
          'How far a batch is: images done, anomalous, failed, and about how many seconds are left',
      },
    })
    .input(idInput)
    .output(batchSchema)
    .query(({ ctx, input }) => ownBatch(ctx, input.id)),

  cancel: operatorProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/batches/{id}/cancel',
        tags,
        summary: 'Cancel a batch that waits or runs; the results so far stay',
      },
    })
    .input(idInput)
    .output(batchSchema)
    .mutation(({ ctx, input }) => cancelBatch(ctx, input.id)),
});
