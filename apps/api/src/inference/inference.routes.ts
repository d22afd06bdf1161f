/** @file Raw routes with images: `predict` takes one, the heatmap of a test image is one. */
import {
  DomainError,
  HEATMAP_STYLE,
  MAX_NUMBER,
  nameSchema,
  type Prediction,
  sha256Schema,
  valueRangeText,
} from '@plumbline/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { refuseOtherContentTypes } from '../errors/other-content-types.ts';
import { assertKnownFields } from '../errors/unknown-fields.ts';
import { abortWhenLeft } from '../limits/abort-when-left.ts';
import { Admission } from '../limits/admission.ts';
import { isUnchanged } from '../revalidate.ts';
import { normalPicture } from './normal-picture.ts';
import { predict } from './predict.ts';
import { testImageHeatmap } from './test-image-heatmap.ts';

/** 64 MB. */
const MAX_IMAGE_BYTES = 64 * 1000 * 1000;
/** Bodies that are held at once, waiting or being worked on. */
const MAX_IMAGES_UNDER_WAY = 64;
const MAX_BYTES_UNDER_WAY = 4 * MAX_IMAGE_BYTES;

export const IMAGE_CONTENT_TYPES = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/bmp',
  'image/tiff',
  'application/octet-stream',
];

const predictParams = z.object({ name: nameSchema });
const predictQuery = z.object({
  version: z.coerce.number().int().positive().max(MAX_NUMBER).optional(),
  category: z.string().min(1).optional(),
  heatmap: z.enum(['true', 'false']).default('false'),
  regions: z.enum(['true', 'false']).default('false'),
  range: valueRangeText.optional(),
});
const normalQuery = predictQuery.pick({ version: true, category: true, range: true });
const heatmapParams = z.object({
  name: nameSchema,
  version: z.coerce.number().int().positive().max(MAX_NUMBER),
  sha256: sha256Schema,
});

export async function inferenceRoutes(app: FastifyInstance, context: Services): Promise<void> {
  // JSON is refused as well: only what is listed gets in.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    IMAGE_CONTENT_TYPES,
    { parseAs: 'buffer', bodyLimit: MAX_IMAGE_BYTES },
    (_request, body, done) => done(null, body),
  );
  refuseOtherContentTypes(
    app,
    'Send the bytes of the file as the body, in no form: curl --data-binary @part.png -H "Content-Type: application/octet-stream" …',
  );

  const admission = new Admission({
    maxRequests: MAX_IMAGES_UNDER_WAY,
    maxBytes: MAX_BYTES_UNDER_WAY,
    maxBodyBytes: MAX_IMAGE_BYTES,
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'POST') admission.admit(request, reply);
  });

  app.post('/v1/models/:name/predict', async (request, reply): Promise<Prediction> => {
    const { name } = predictParams.parse(request.params);
    const query = readQuery(predictQuery, request.query);
    const [heatmap, regions] = [query.heatmap === 'true', query.regions === 'true'];
    const input = { ...query, name, heatmap, regions };
    return predict(context, input, imageBytes(request.body), abortWhenLeft(reply));
  });

  app.post('/v1/models/:name/normal', async (request, reply) => {
    const { name } = predictParams.parse(request.params);
    const query = readQuery(normalQuery, request.query);
    const bytes = imageBytes(request.body);
    const png = await normalPicture(context, { ...query, name }, bytes, abortWhenLeft(reply));
    return reply.type('image/png').send(png);
  });

  app.get('/v1/models/:name/versions/:version/heatmaps/:sha256', async (request, reply) => {
    const { name, version, sha256 } = heatmapParams.parse(request.params);
    const { bundleHash } = await context.database.models.get(name, version);
    if (isUnchanged(reply, `${bundleHash}-${HEATMAP_STYLE}-${sha256}`)) return reply.send();
    const png = await testImageHeatmap(context, name, version, sha256);
    return reply.type('image/png').send(png);
  });
}

function readQuery<S extends z.ZodObject>(schema: S, query: unknown): z.output<S> {
  assertKnownFields(query as Record<string, unknown>, Object.keys(schema.shape));
  return schema.parse(query);
}

function imageBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  throw new DomainError('INVALID_INPUT', 'The request has no image in its body.', {
    fix: 'Send the bytes of the file: curl --data-binary @part.png -H "Content-Type: image/png" …',
  });
}
