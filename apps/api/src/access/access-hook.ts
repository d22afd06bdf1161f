/** @file Puts `authorize` before every route, the ones that do not exist included. */
import type { FastifyInstance } from 'fastify';
import { authorize } from './authorize.ts';
import type { Principal } from './principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
}

/** Answers without a key, so that supervisors and load balancers can ask; it says nothing but that it is up. */
const OPEN_ROUTE = '/healthz';

export function guardRoutes(app: FastifyInstance, apiKey: string | null): void {
  const nobody: Principal | null = null;
  app.decorateRequest('principal', nobody as unknown as Principal);
  app.addHook('onRequest', async (request) => {
    if (request.routeOptions.url === OPEN_ROUTE) return;
    request.principal = authorize(
      {
        method: request.method,
        // The socket's address: a header such as X-Forwarded-For can be made up.
        remoteAddress: request.raw.socket.remoteAddress ?? '',
        headers: request.headers,
      },
      apiKey,
    );
  });
}
