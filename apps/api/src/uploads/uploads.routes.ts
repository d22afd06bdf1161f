/** @file `/v1/uploads`: hands requests to the tus server, which reads the body itself. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { endOfStatus } from '../audit/audit-end.ts';
import { originOf, type Services } from '../context.ts';
import { type Asked, rawRoute } from '../raw-routes/raw-route.ts';
import { registerRoutes } from '../raw-routes/register-routes.ts';
import { UPLOADS_PATH } from './upload-store.ts';

const ONE = `${UPLOADS_PATH}/{id}`;
const upload = z.object({ id: z.string().min(1) });
const protocol = z.object({ 'Tus-Resumable': z.string().describe('`1.0.0`') });
const bytes = z.coerce.number().int().nonnegative();

type ToTus = Pick<Asked<object, object, object>, 'params' | 'request' | 'reply'>;

async function toTus(context: Services, { request, reply }: ToTus): Promise<void> {
  reply.hijack();
  await context.uploads.handle(request.raw, reply.raw);
}

/** Each piece of an upload would be a line of its own: its beginning and its removal are. */
async function recorded(context: Services, asked: ToTus): Promise<void> {
  const { request, reply, params } = asked;
  const { method, headers, principal, routeOptions } = request;
  const input = { ...params, bytes: headers['upload-length'] };
  const action = `${method} ${routeOptions.url}`;
  await context.audit.record(
    { principal, origin: originOf(request), action, input },
    () => toTus(context, asked),
    () => endOfStatus(reply.raw.statusCode),
  );
}

/** No GET: uploads are for importing, not for publishing files. */
export const UPLOAD_ROUTES = [
  rawRoute({
    method: 'POST',
    path: UPLOADS_PATH,
    id: 'uploads-create',
    tag: 'datasets',
    errors: 'upload',
    summary: 'Begin a resumable upload of a .zip (tus 1.0.0)',
    description:
      'The metadata `filename` must end in .zip. Once all bytes are here, import it with ' +
      '`{ "kind": "upload", "uploadId": "<last part of Location>" }`.',
    headers: protocol.extend({
      'Upload-Length': bytes.describe('Of the file.'),
      'Upload-Metadata': z
        .string()
        .optional()
        .describe('`filename`, a space and the name in base64.'),
    }),
    answers: { 201: { description: 'Created; `Location` is the address of the upload' } },
    handle: recorded,
  }),
  rawRoute({
    method: 'HEAD',
    path: ONE,
    id: 'uploads-offset',
    tag: 'datasets',
    errors: 'upload',
    summary: 'How many bytes have arrived (`Upload-Offset`)',
    params: upload,
    headers: protocol,
    answers: { 200: { description: 'The offset to resume from' } },
    handle: toTus,
  }),
  rawRoute({
    method: 'PATCH',
    path: ONE,
    id: 'uploads-append',
    tag: 'datasets',
    errors: 'upload',
    summary: 'Send bytes, starting at an offset',
    params: upload,
    headers: protocol.extend({ 'Upload-Offset': bytes.describe('Where these bytes begin.') }),
    body: { 'application/offset+octet-stream': 'bytes' },
    answers: { 204: { description: 'Stored' } },
    handle: toTus,
  }),
  rawRoute({
    method: 'DELETE',
    path: ONE,
    id: 'uploads-remove',
    tag: 'datasets',
    errors: 'upload',
    summary: 'Abandon an upload',
    params: upload,
    headers: protocol,
    answers: { 204: { description: 'Removed' } },
    handle: recorded,
  }),
  ...[UPLOADS_PATH, ONE].map((path) =>
    rawRoute({
      method: 'OPTIONS',
      path,
      id: `uploads-options${path === ONE ? '-one' : ''}`,
      tag: 'datasets',
      errors: 'upload',
      summary: 'What of tus is supported',
      ...(path === ONE ? { params: upload } : {}),
      answers: { 204: { description: 'In its headers' } },
      handle: toTus,
    }),
  ),
];

export async function uploadRoutes(app: FastifyInstance, context: Services): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  registerRoutes(app, context, UPLOAD_ROUTES);
}
