/** @file `/v1/uploads`: hands requests to the tus server, which reads the body itself. */
import type { FastifyInstance } from 'fastify';
import { endOfStatus } from '../audit/audit-end.ts';
import { originOf, type Services } from '../context.ts';
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
        const { method, params, headers, principal } = request;
        const handle = () => context.uploads.handle(request.raw, reply.raw);
        // Each piece of an upload would be a line of its own: its beginning and its removal are.
        if (method !== 'POST' && method !== 'DELETE') {
          reply.hijack();
          await handle();
          return;
        }
        const input = { ...(params as object), bytes: headers['upload-length'] };
        const change = { principal, origin: originOf(request), action: `${method} ${url}`, input };
        await context.audit.record(
          change,
          () => {
            reply.hijack();
            return handle();
          },
          () => endOfStatus(reply.raw.statusCode),
        );
      },
    });
  }
}
