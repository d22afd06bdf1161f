/** @file `GET /v1/blobs/{sha256}`: images and masks of datasets. */
import { sha256Schema } from '@plumbline/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { IMMUTABLE } from '../immutable.ts';
import { blobPicture, MAX_THUMBNAIL_SIDE } from './blob-picture.ts';

const params = z.object({ sha256: sha256Schema });
const query = z.object({
  size: z.coerce.number().int().min(1).max(MAX_THUMBNAIL_SIDE).optional(),
});

export async function blobRoutes(app: FastifyInstance, context: Services): Promise<void> {
  app.get('/v1/blobs/:sha256', async (request, reply) => {
    const { sha256 } = params.parse(request.params);
    const { size } = query.parse(request.query);
    const { bytes, contentType } = await blobPicture(context, sha256, size);
    return reply.header('cache-control', IMMUTABLE).type(contentType).send(bytes);
  });
}
