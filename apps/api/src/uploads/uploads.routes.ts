/** @file `/v1/uploads`: hands requests to the tus server, which reads the body itself. */
import type { FastifyInstance } from 'fastify';
import type { Services } from '../context.ts';
import { UPLOADS_PATH } from './upload-store.ts';

export async function uploadRoutes(app: FastifyInstance, context: Services): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  for (const url of [UPLOADS_PATH, `${UPLOADS_PATH}/:id`]) {
    app.route({
      url,
      // No GET: uploads are for importing, not for publishing files.
      method: ['POST', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS'],
      handler: async (request, reply) => {
        reply.hijack();
        await context.uploads.handle(request.raw, reply.raw);
      },
    });
  }
}
