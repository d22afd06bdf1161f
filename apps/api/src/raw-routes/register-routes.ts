/** @file Puts declared routes into Fastify. */
import type { FastifyInstance } from 'fastify';
import type { Services } from '../context.ts';
import type { RawRoute } from './raw-route.ts';

export function registerRoutes(
  app: FastifyInstance,
  context: Services,
  routes: readonly RawRoute[],
): void {
  for (const { method, path, maxBodyBytes, run } of routes)
    app.route({
      method,
      url: path.replace(/\{(\w+)\}/g, ':$1'),
      ...(maxBodyBytes === undefined ? {} : { bodyLimit: maxBodyBytes }),
      handler: (request, reply) => run(context, request, reply),
    });
}
