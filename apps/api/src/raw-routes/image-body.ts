/** @file Routes that take an image as their body, or several in a form. */
import type { IncomingMessage } from 'node:http';
import { DomainError } from '@plumbline/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '../context.ts';
import { refuseOtherContentTypes } from '../errors/other-content-types.ts';
import { MAX_IMAGE_BYTES } from '../limits/admission.ts';
import type { Content } from './raw-route.ts';
import { bodyReader } from './read-body.ts';

/** Its files are copied out of it. */
export const MAX_FORM_BYTES = MAX_IMAGE_BYTES / 2;

const IMAGE_CONTENT_TYPES = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/bmp',
  'image/tiff',
  'application/octet-stream',
];
export const IMAGE_BODY: Record<string, Content> = Object.fromEntries(
  IMAGE_CONTENT_TYPES.map((type) => [type, 'bytes']),
);

/** Before the routes of a scope that take nothing else. */
export function takeImages(app: FastifyInstance, { admission }: Services): void {
  // JSON is refused as well: only what is listed gets in.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(IMAGE_CONTENT_TYPES, bodyReader(MAX_IMAGE_BYTES));
  refuseOtherContentTypes(
    app,
    'Send the bytes of the file as the body, in no form: curl --data-binary @part.png -H "Content-Type: application/octet-stream" …',
  );
  app.addHook('onRequest', admission.hook);
}

/** Several images in one body, as a browser's form sends them. After `takeImages`. */
export function takeForms(app: FastifyInstance): void {
  const read = bodyReader(MAX_FORM_BYTES);
  app.addContentTypeParser(
    'multipart/form-data',
    async (request: FastifyRequest, payload: IncomingMessage) => {
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const body = await read(request, payload);
      return new Response(body, { headers }).formData().catch((cause: unknown) => {
        throw new DomainError('INVALID_INPUT', 'The form can’t be read.', {
          fix: 'Let your HTTP client write it: curl -F image=@a.png -F image=@b.png …',
          cause,
        });
      });
    },
  );
}

/** @throws DomainError INVALID_INPUT for a request without a body, and for a form */
export function imageBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  if (body instanceof FormData)
    throw new DomainError('INVALID_INPUT', 'The body is a form: one image is taken here.', {
      fix: 'Send the bytes of the file: curl --data-binary @part.png -H "Content-Type: image/png" …',
    });
  throw new DomainError('INVALID_INPUT', 'The request has no image in its body.', {
    fix: 'Send the bytes of the file: curl --data-binary @part.png -H "Content-Type: image/png" …',
  });
}
