/** @file How the API is, for supervisors and load balancers. */
import { z } from 'zod';
import { rawRoute } from '../raw-routes/raw-route.ts';
import { readiness } from './readiness.ts';

const json = (description: string, schema: z.ZodType) => ({
  200: { description, content: { 'application/json': schema } },
});

export const SYSTEM_ROUTES = [
  rawRoute({
    method: 'GET',
    path: '/healthz',
    id: 'healthz',
    tag: 'system',
    isOpen: true,
    summary: 'Whether the API is up; needs no key',
    answers: json('It is', z.object({ status: z.literal('ok') })),
    handle: () => ({ status: 'ok' }),
  }),
  rawRoute({
    method: 'GET',
    path: '/readyz',
    id: 'readyz',
    tag: 'system',
    isOpen: true,
    summary:
      'Whether requests can be served: the database answers and its images are here; needs no key',
    description:
      'Answers 503 with `Retry-After` while the database is away, as every other address does then, or a store in S3, whose loaded models go on answering.',
    answers: json(
      'They can',
      z.object({
        status: z.literal('ready'),
        database: z.literal('answers'),
        store: z.literal('matches'),
      }),
    ),
    handle: (context) => readiness(context),
  }),
];
