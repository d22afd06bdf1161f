/** @file `/v1/masks`: a mask is sent before the change of a dataset that sets it. */
import { storedMaskSchema } from '@plumbline/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { IMAGE_BODY, imageBytes, takeImages } from '../raw-routes/image-body.ts';
import { blobParams } from '../raw-routes/path-fields.ts';
import { rawRoute } from '../raw-routes/raw-route.ts';
import { registerRoutes } from '../raw-routes/register-routes.ts';
import { maskPicture, storeMask } from './store-mask.ts';

export const MASK_ROUTES = [
  rawRoute({
    method: 'POST',
    path: '/v1/masks',
    id: 'masks-create',
    tag: 'datasets',
    summary: 'Send a ground-truth mask that a change of a dataset sets (setMask)',
    description:
      'Any mask that an import reads; it is kept as a PNG of 0 and 255. One that no change names within a day is removed. At most 64 MB.',
    query: z.object({
      masks: z
        .enum(['inverted'])
        .optional()
        .describe('The mask marks what is normal; what is left is anomalous.'),
    }),
    body: IMAGE_BODY,
    answers: {
      201: { description: 'Kept', content: { 'application/json': storedMaskSchema } },
    },
    async handle(context, { query, request, reply }) {
      const stored = await storeMask(context, imageBytes(request.body), query.masks);
      return reply.code(201).send(stored);
    },
  }),
  rawRoute({
    method: 'GET',
    path: '/v1/masks/{sha256}',
    id: 'masks-get',
    tag: 'datasets',
    summary: 'A ground-truth mask of a dataset as it is read: white where it marks',
    params: blobParams,
    answers: {
      200: {
        description: 'PNG of 0 and 255 in the size of the image',
        content: { 'image/png': 'bytes' },
      },
    },
    async handle(context, { params, reply }) {
      return reply.type('image/png').send(await maskPicture(context, params.sha256));
    },
  }),
];

export async function maskRoutes(app: FastifyInstance, context: Services): Promise<void> {
  takeImages(app, context);
  registerRoutes(app, context, MASK_ROUTES);
}
