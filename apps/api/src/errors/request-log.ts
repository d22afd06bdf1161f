/** @file One line for a request that was refused or failed; at the level `debug`, for every one. */
import type { FastifyInstance } from 'fastify';
import { withoutSecrets } from '../audit/plain-words.ts';
import { traceIdOf } from './request-id.ts';

const MAX_URL = 300;

/** Before any route is registered. The line has the request's id (`reqId`). */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode: status } = reply.raw;
    const traceId = traceIdOf(request.headers);
    request.log[status >= 400 ? 'info' : 'debug'](
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        url: withoutSecrets(request.url).slice(0, MAX_URL),
        status,
        ms: Math.round(reply.elapsedTime),
        ...(traceId === null ? {} : { traceId }),
      },
      'request',
    );
  });
}
