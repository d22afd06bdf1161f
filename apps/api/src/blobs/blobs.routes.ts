/** @file `GET /v1/blobs/{sha256}`: images and masks of datasets. */
import { z } from 'zod';
import { IMMUTABLE } from '../immutable.ts';
import { blobParams } from '../raw-routes/path-fields.ts';
import { rawRoute } from '../raw-routes/raw-route.ts';
import { blobPicture, MAX_THUMBNAIL_SIDE } from './blob-picture.ts';
import { IMAGE_FILE_TYPES } from './image-content-type.ts';

export const BLOB_ROUTES = [
  rawRoute({
    method: 'GET',
    path: '/v1/blobs/{sha256}',
    id: 'blobs-get',
    tag: 'datasets',
    summary: 'An image or mask of a dataset',
    params: blobParams,
    query: z.object({
      size: z.coerce
        .number()
        .int()
        .min(1)
        .max(MAX_THUMBNAIL_SIDE)
        .optional()
        .describe(
          'Longer side of a WebP thumbnail in pixels, rounded up to 64, 128, 256, 512, 1024 or 2048; the original when absent.',
        ),
    }),
    answers: {
      200: {
        description: 'The image',
        content: Object.fromEntries(IMAGE_FILE_TYPES.map((type) => [type, 'bytes'])),
      },
    },
    async handle(context, { params, query, reply }) {
      const { bytes, contentType } = await blobPicture(context, params.sha256, query.size);
      return reply.header('cache-control', IMMUTABLE).type(contentType).send(bytes);
    },
  }),
];
