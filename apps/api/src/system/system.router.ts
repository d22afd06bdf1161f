/** @file `system.*`: what runs here. */
import { systemStatusSchema } from '@plumbline/contracts';
import { z } from 'zod';
import { procedure, router } from '../trpc.ts';
import { readSystemStatus } from './system-status.ts';

export const systemRouter = router({
  status: procedure
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
