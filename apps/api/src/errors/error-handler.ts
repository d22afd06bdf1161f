/** @file Answers every failure of a REST or raw route with `{ error: ErrorBody }`; defects go to the log. */
import { DomainError, ERROR_STATUS } from '@plumbline/contracts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { describeError } from './describe-error.ts';

/** With every 503 and 429: what is away is being started again, and what is busy is done soon. */
export const RETRY_AFTER_SECONDS = '2';

export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, _request, reply) => answerError(reply, error));
  app.setNotFoundHandler((request) => {
    throw new DomainError('NOT_FOUND', `There is nothing at ${request.method} ${request.url}.`, {
      fix: 'See /docs for the addresses that exist.',
    });
  });
}

export function answerError(reply: FastifyReply, error: unknown): FastifyReply {
  const { request } = reply;
  const body = describeError(error);
  if (body.code === 'INTERNAL') request.log.error({ err: error, url: request.url }, body.message);
  if (body.code === 'UNAUTHORIZED') reply.header('www-authenticate', 'Bearer');
  if (body.code === 'UNAVAILABLE' || body.code === 'TOO_MANY')
    reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply.status(ERROR_STATUS[body.code]).send({ error: body });
}
