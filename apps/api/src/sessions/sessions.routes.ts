/** @file `/v1/session`: the dashboard signs somebody in and out. */
import { type StartedSession, signInInput } from '@plumbline/contracts';
import type { FastifyInstance } from 'fastify';
import { hashOfSecret } from '../access/credentials.ts';
import { originOf, type Services } from '../context.ts';
import { refuseOtherContentTypes } from '../errors/other-content-types.ts';
import { assertPlainText } from '../errors/plain-text.ts';
import { GuessBrake } from './guess-brake.ts';
import { startSession } from './start-session.ts';

const MOST_BYTES = 10_000;

export async function sessionRoutes(app: FastifyInstance, context: Services): Promise<void> {
  refuseOtherContentTypes(app, 'Send JSON, with -H "Content-Type: application/json" in curl.');
  const brake = new GuessBrake();

  app.post(
    '/v1/session',
    { bodyLimit: MOST_BYTES },
    async (request, reply): Promise<StartedSession> => {
      assertPlainText(request.body);
      const { email, password } = signInInput.parse(request.body);
      reply.header('cache-control', 'no-store');
      return startSession(context, { email, password, origin: originOf(request) }, brake);
    },
  );

  /** Of whoever asks. With a key there is none to end, and that is no failure. */
  app.delete('/v1/session', async (request, reply) => {
    const token = request.headers.authorization?.split(/ +/)[1] ?? '';
    const isSession = request.principal.kind === 'user';
    if (isSession && (await context.database.sessions.end(hashOfSecret(token))))
      context.credentials.changed();
    return reply.status(204).send();
  });
}
