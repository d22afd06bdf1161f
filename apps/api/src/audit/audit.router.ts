/** @file `audit.*`: who changed what. */
import { auditPageSchema, listAuditInput } from '@plumbline/contracts';
import { adminProcedure, router } from '../trpc.ts';

export const auditRouter = router({
  list: adminProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/audit',
        tags: ['access'],
        summary:
          'A page of the audit log, newest first: who changed what, from where, and how it ended',
      },
    })
    .input(listAuditInput)
    .output(auditPageSchema)
    .query(({ ctx, input }) => ctx.database.audit.list(input)),
});
