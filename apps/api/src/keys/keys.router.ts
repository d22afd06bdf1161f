/** @file `keys.*`: what programs ask with, and who one is oneself. */
import {
  type ApiKey,
  apiKeySchema,
  callerSchema,
  createApiKeyInput,
  createdApiKeySchema,
} from '@plumbline/contracts';
import { z } from 'zod';
import { adminProcedure, router, viewerProcedure } from '../trpc.ts';
import { createApiKey } from './create-api-key.ts';
import { revokeApiKey } from './revoke-api-key.ts';

const tags = ['access'];
const keyInput = z.object({ key: z.string().min(1).max(200) });

export const keysRouter = router({
  me: viewerProcedure
    .meta({
      openapi: { method: 'GET', path: '/v1/me', tags, summary: 'Who you are here, and your role' },
    })
    .input(z.void())
    .output(callerSchema)
    .query(({ ctx: { principal } }) => ({
      kind: principal.kind,
      name: principal.name,
      role: principal.role,
    })),

  list: adminProcedure
    .meta({
      openapi: {
        method: 'GET',
        path: '/v1/keys',
        tags,
        summary:
          'All API keys, newest first, with the expired and the revoked; never their secrets',
      },
    })
    .input(z.void())
    .output(z.array(apiKeySchema))
    .query(({ ctx }) => ctx.database.apiKeys.list()),

  get: adminProcedure
    .meta({
      openapi: { method: 'GET', path: '/v1/keys/{key}', tags, summary: 'One API key, by its id' },
    })
    .input(keyInput)
    .output(apiKeySchema)
    .query(({ ctx, input }) => ctx.database.apiKeys.get(input.key)),

  create: adminProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/keys',
        tags,
        summary: 'Make an API key; the answer is the only one that has its secret',
      },
      created: ({ id }: ApiKey) => `/v1/keys/${id}`,
    })
    .input(createApiKeyInput)
    .output(createdApiKeySchema)
    .mutation(({ ctx, input }) => createApiKey(ctx, input)),

  revoke: adminProcedure
    .meta({
      openapi: {
        method: 'POST',
        path: '/v1/keys/{key}/revoke',
        tags,
        summary: 'Revoke an API key, by its name or id; from then on nobody is answered for it',
      },
    })
    .input(keyInput)
    .output(apiKeySchema)
    .mutation(({ ctx, input }) => revokeApiKey(ctx, input.key)),
});
