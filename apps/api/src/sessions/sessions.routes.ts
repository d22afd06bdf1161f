/** @file `/v1/session`: the dashboard signs somebody in and out. */
import { signInInput, startedSessionSchema } from '@plumbline/contracts';
import type { FastifyInstance } from 'fastify';
import { originOf, type Services } from '../context.ts';
import { refuseOtherContentTypes } from '../errors/other-content-types.ts';
import { assertPlainText } from '../errors/plain-text.ts';
import { rawRoute } from '../raw-routes/raw-route.ts';
import { registerRoutes } from '../raw-routes/register-routes.ts';
import { endSession } from './end-session.ts';
import { startSession } from './start-session.ts';

const MOST_BYTES = 10_000;

export const SESSION_ROUTES = [
  rawRoute({
    method: 'POST',
    path: '/v1/session',
    id: 'session-start',
    tag: 'access',
    summary: 'Sign in with email and password',
    description:
      'The token counts as a key does, `Authorization: Bearer …`, for a week. Wrong guesses are answered a second late, one at a ' +
      'time for each address.',
    body: { 'application/json': signInInput },
    maxBodyBytes: MOST_BYTES,
    answers: {
      200: { description: 'Signed in', content: { 'application/json': startedSessionSchema } },
    },
    isOpen: true,
    async handle(context, { request, reply }) {
      assertPlainText(request.body);
      const { email, password } = signInInput.parse(request.body);
      reply.header('cache-control', 'no-store');
      return startSession(context, { email, password, origin: originOf(request) });
    },
  }),
  rawRoute({
    method: 'DELETE',
    path: '/v1/session',
    id: 'session-end',
    tag: 'access',
    summary: 'Sign out: the token that this is asked with ends, in every API process',
    description: 'With a key there is no session to end, and that is no failure.',
    answers: { 204: { description: 'Nobody is signed in by it any more' } },
    async handle(context, { request, reply }) {
      const { principal, headers } = request;
      const token = headers.authorization?.split(/ +/)[1] ?? '';
      await endSession(context, { principal, token, origin: originOf(request) });
      return reply.status(204).send();
    },
  }),
];

export async function sessionRoutes(app: FastifyInstance, context: Services): Promise<void> {
  refuseOtherContentTypes(app, 'Send JSON, with -H "Content-Type: application/json" in curl.');
  registerRoutes(app, context, SESSION_ROUTES);
}
