/** @file Answers every failure of a REST or raw route with problem details (RFC 9457); defects go to the log. */
import {
  DomainError,
  ERROR_STATUS,
  type ErrorBody,
  PROBLEM_CONTENT_TYPE,
  toProblem,
} from '@plumbline/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeError, isDefect } from './describe-error.ts';
import { REQUEST_ID_HEADER } from './request-id.ts';
import { RouteMethods } from './route-methods.ts';

/** With every 503 and 429: what is away is being started again, and what is busy is done soon. */
export const RETRY_AFTER_SECONDS = '2';

/** Before any route is registered. */
export function handleErrors(app: FastifyInstance): void {
  const routes = new RouteMethods(app);
  app.setErrorHandler((error, _request, reply) => answerError(reply, error));
  const refuse = ({ method, url }: FastifyRequest, reply: FastifyReply): never => {
    const methods = routes.of(url);
    if (methods.length === 0 || methods.includes(method)) {
      throw new DomainError('NOT_FOUND', `There is nothing at ${method} ${url}.`, {
        fix: 'See /docs for the addresses that exist.',
      });
    }
    reply.header('allow', methods.join(', '));
    throw new DomainError('METHOD_NOT_ALLOWED', `${url} does not take ${method}.`, {
      fix: `Use ${methods.join(' or ')}.`,
    });
  };
  app.setNotFoundHandler(refuse);
  // On the raw answer, so that those that pass Fastify by have it too.
  app.addHook('onRequest', async (request, reply) => {
    setStandardHeaders(reply);
    // Before anything of a body is read that nobody takes.
    if (request.is404) refuse(request, reply);
  });
}

/** How an error is written. */
export interface ErrorForm {
  readonly contentType: string;
  body(error: ErrorBody, requestId: string): object;
}

const PROBLEM: ErrorForm = { contentType: PROBLEM_CONTENT_TYPE, body: toProblem };

/** @param form Problem details when absent. */
export function answerError(
  reply: FastifyReply,
  error: unknown,
  form: ErrorForm = PROBLEM,
): FastifyReply {
  const { request } = reply;
  const body = describeError(error);
  if (isDefect(body)) request.log.error({ err: error, url: request.url }, body.message);
  if (body.code === 'UNAUTHORIZED') reply.header('www-authenticate', 'Bearer');
  const isBusy = body.code === 'UNAVAILABLE' || body.code === 'TOO_MANY';
  if (isBusy && !reply.hasHeader('retry-after')) reply.header('retry-after', RETRY_AFTER_SECONDS);
  setStandardHeaders(reply);
  return reply
    .status(ERROR_STATUS[body.code])
    .type(form.contentType)
    .send(Buffer.from(JSON.stringify(form.body(body, request.id))));
}

function setStandardHeaders(reply: FastifyReply): void {
  // What somebody uploaded is what its label says, whatever a browser makes of its first bytes.
  reply.raw.setHeader('x-content-type-options', 'nosniff');
  reply.raw.setHeader(REQUEST_ID_HEADER, reply.request.id);
}
