/** @file Says how a body is to be labeled, where it comes labeled otherwise or not at all. */
import { DomainError } from '@plumbline/contracts';
import type { FastifyInstance } from 'fastify';

/** For all types that the scope has no parser of. */
export function refuseOtherContentTypes(app: FastifyInstance, fix: string): void {
  app.addContentTypeParser('*', (request, _payload, done) => {
    const type = request.headers['content-type']?.split(';')[0]?.trim() ?? '';
    const what = type === '' ? 'has no Content-Type' : `is labeled ${type}`;
    done(
      new DomainError('UNSUPPORTED', `The body ${what}: that is not taken here.`, {
        fix,
        field: 'content-type',
      }),
    );
  });
}
