/** @file The address at which clients of Amazon Lookout for Vision ask: a project is a model. Errors have its form. */
import { nameSchema, selectorOfAlias } from '@plumbline/contracts';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '../context.ts';
import { answerError, type ErrorForm } from '../errors/error-handler.ts';
import { abortWhenLeft } from '../limits/abort-when-left.ts';
import { IMAGE_BODY, imageBytes, takeImages } from '../raw-routes/image-body.ts';
import { rawRoute } from '../raw-routes/raw-route.ts';
import { registerRoutes } from '../raw-routes/register-routes.ts';
import { detectAnomalies, detectAnomaliesSchema } from './detect-anomalies.ts';

const VERSION = /^(?:([1-9][0-9]{0,8})|([a-z][a-z0-9_-]{0,62}))$/;

/** What their programs read is `Message`. */
const ERROR_FORM: ErrorForm = {
  contentType: 'application/json',
  body: ({ code, message, fix }) => ({
    ...{ Message: fix === null ? message : `${message} ${fix}`, Code: code },
  }),
};

export const LOOKOUT_ROUTES = [
  rawRoute({
    method: 'POST',
    path: '/2020-11-20/projects/{project}/models/{version}/detect',
    id: 'lookout-detect-anomalies',
    tag: 'lookout for vision',
    summary: 'DetectAnomalies, as clients of Amazon Lookout for Vision ask',
    description:
      'The project is a model. `Confidence` is 0.5 at the threshold and 1 far from it; it is no probability. The category is found from the image. At most 64 MB.',
    params: z.object({
      project: nameSchema,
      version: z
        .string()
        .regex(VERSION, 'Give the number of a version, or an alias such as champion.')
        .describe('A number, or an alias; `champion` is the promoted version.'),
    }),
    body: IMAGE_BODY,
    errors: 'lookout',
    answers: {
      200: {
        description: 'The inspection',
        content: { 'application/json': detectAnomaliesSchema },
      },
    },
    handle(context, { params: { project, version }, request, reply }) {
      const number = Number(version);
      const selector = Number.isNaN(number) ? selectorOfAlias(version) : number;
      const bytes = imageBytes(request.body);
      return detectAnomalies(context, { name: project, selector }, bytes, abortWhenLeft(reply));
    },
  }),
];

export async function lookoutRoutes(app: FastifyInstance, context: Services): Promise<void> {
  app.setErrorHandler((error, _request, reply) => answerError(reply, error, ERROR_FORM));
  takeImages(app, context);
  registerRoutes(app, context, LOOKOUT_ROUTES);
}
