/** @file Raw routes with images: `predict` takes one, the heatmap of a test image is one. */
import {
  HEATMAP_STYLE,
  MAX_PREDICTED_TOGETHER,
  predictionSchema,
  predictionsSchema,
  valueRangeText,
} from '@plumbline/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { abortWhenLeft } from '../limits/abort-when-left.ts';
import {
  IMAGE_BODY,
  imageBytes,
  MAX_FORM_BYTES,
  takeForms,
  takeImages,
} from '../raw-routes/image-body.ts';
import {
  answering,
  answeringParams,
  blobParams,
  versionNumber,
  versionParams,
} from '../raw-routes/path-fields.ts';
import { rawRoute } from '../raw-routes/raw-route.ts';
import { registerRoutes } from '../raw-routes/register-routes.ts';
import { isUnchanged, UNCHANGED } from '../revalidate.ts';
import { normalPicture } from './normal-picture.ts';
import { predict } from './predict.ts';
import { predictTogether } from './predict-together.ts';
import { testImageHeatmap } from './test-image-heatmap.ts';

const PNG = { 'image/png': 'bytes' } as const;
const flag = z.enum(['true', 'false']).default('false');

const predictQuery = z.object({
  version: versionNumber.optional().describe('The promoted version if absent.'),
  category: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Its thresholds are used. When absent the category is found from the image, or is the model’s only one; the answer says ' +
        'which and how sure it is. `pooled` (unless a category has that name) is one threshold for all categories, which misses more. A version ' +
        'trained before categories were found answers INVALID_INPUT with their names.',
    ),
  heatmap: flag.describe('Also return the heatmap as a base64 PNG.'),
  regions: flag.describe(
    'Also return where the anomaly map is at or above the pixel threshold: boxes, areas and peaks in pixels of the image, the ' +
      'highest score first, at most 100. An anomalous image can have none and a normal one some: the label is by the image score.',
  ),
  mask: flag.describe(
    'Also return a base64 PNG of the image’s size, white where the anomaly map is at or above the pixel threshold.',
  ),
  range: valueRangeText
    .optional()
    .describe(
      'Values that are black and white in an image with more than 8 bits, such as `0..4095`; those of its category in training when absent. ' +
        '`0..255` says of an image of 8 bits that it was brought to them as training images with more were; without it such a model refuses it.',
    ),
});
const normalQuery = predictQuery.pick({ version: true, category: true, range: true }).extend({
  category: z
    .string()
    .min(1)
    .optional()
    .describe('Says the range of values of an image with more than 8 bits.'),
});

export const INFERENCE_ROUTES = [
  rawRoute({
    method: 'POST',
    path: '/v1/models/{name}/predict',
    id: 'models-predict',
    tag: 'inference',
    summary: 'Inspect one image, or several',
    description:
      'Returns the image score on the method’s own scale, and the label by the threshold: a score at or above ' +
      'it is anomalous. The heatmap is the photo in gray, colored from 0.75 to 2 times the category’s pixel threshold (`heatmapScale`), with a ' +
      'white line around what is at or above it. At most 64 MB. As `multipart/form-data` a request has up to ' +
      `${MAX_PREDICTED_TOGETHER} images and ${MAX_FORM_BYTES / 1e6} MB, and the answer is a list in their order, with an error in the place of an image that can’t be inspected.`,
    params: answeringParams,
    query: predictQuery,
    body: { ...IMAGE_BODY, 'multipart/form-data': z.object({ image: z.array(z.file()) }) },
    answers: {
      200: {
        description: 'The inspection; of several images a list',
        content: { 'application/json': z.union([predictionSchema, predictionsSchema]) },
      },
    },
    handle(context, { params, query: { version, ...query }, request, reply }) {
      const { heatmap, regions, mask, ...reading } = query;
      const input = {
        ...{ ...reading, ...answering(params.name, version) },
        ...{ heatmap: heatmap === 'true', regions: regions === 'true', mask: mask === 'true' },
      };
      const signal = abortWhenLeft(reply);
      return request.body instanceof FormData
        ? predictTogether(context, input, request.body, signal)
        : predict(context, input, imageBytes(request.body), signal);
    },
  }),
  rawRoute({
    method: 'POST',
    path: '/v1/models/{name}/normal',
    id: 'models-normal',
    tag: 'inference',
    summary: 'What the model expects an image to look like',
    description:
      'A small picture, decoded from the features that the method reconstructed, in the image’s aspect ratio; no ' +
      'score depends on it. NOT_FOUND for a version that was trained without a decoder. At most 64 MB.',
    params: answeringParams,
    query: normalQuery,
    body: IMAGE_BODY,
    answers: { 200: { description: 'The picture', content: PNG } },
    async handle(context, { params, query: { version, ...query }, request, reply }) {
      const bytes = imageBytes(request.body);
      const input = { ...query, ...answering(params.name, version) };
      return reply
        .type('image/png')
        .send(await normalPicture(context, input, bytes, abortWhenLeft(reply)));
    },
  }),
  rawRoute({
    method: 'GET',
    path: '/v1/models/{name}/versions/{version}/heatmaps/{sha256}',
    id: 'models-heatmap',
    tag: 'inference',
    summary: 'Heatmap of a test image of the version',
    params: versionParams.extend(blobParams.shape),
    answers: { 200: { description: 'PNG of the size of the image', content: PNG }, ...UNCHANGED },
    async handle(context, { params: { name, version, sha256 }, reply }) {
      const { bundleHash } = await context.database.models.get(name, version);
      if (isUnchanged(reply, `${bundleHash}-${HEATMAP_STYLE}-${sha256}`)) return reply.send();
      const png = await testImageHeatmap(context, name, version, sha256);
      return reply.type('image/png').send(png);
    },
  }),
];

export async function inferenceRoutes(app: FastifyInstance, context: Services): Promise<void> {
  takeImages(app, context);
  takeForms(app);
  registerRoutes(app, context, INFERENCE_ROUTES);
}
