/** @file `system.*`: what runs here. */
import { systemStatusSchema } from '@plumbline/contracts';
import { z } from 'zod';
import { router, viewerProcedure } from '../trpc.ts';
import { readSystemStatus } from './system-status.ts';

export const systemRouter = router({
  status: viewerProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/system/status',
        tags: ['system'],
        summary: 'Version, hardware, trainers and counts',
      },
    })
    .input(z.void())
    .output(systemStatusSchema)
    .query(({ ctx }) => readSystemStatus(ctx)),
});
