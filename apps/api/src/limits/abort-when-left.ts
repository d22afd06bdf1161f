/** @file Tells work that nobody waits for it any more. */
import type { FastifyReply } from 'fastify';

/** Aborted when the client closes its connection before it has its answer. */
export function abortWhenLeft(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  if (reply.raw.destroyed && !reply.raw.writableFinished) left.abort();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) left.abort();
  });
  return left.signal;
}
