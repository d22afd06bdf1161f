/** @file Caching of what has the name of a model version: once that is deleted, the name may be another's. */
import type { FastifyReply } from 'fastify';

/** Whether whoever asks has it already; the answer is then an empty 304. @param tag Equal where the content is. */
export function isUnchanged(reply: FastifyReply, tag: string): boolean {
  const etag = `"${tag}"`;
  reply.header('cache-control', 'private, no-cache').header('etag', etag);
  if (reply.request.headers['if-none-match'] !== etag) return false;
  reply.status(304);
  return true;
}

/** For the documentation of what uses it. */
export const UNCHANGED = { 304: { description: 'Whoever asks has it already' } };
