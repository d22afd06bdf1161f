/** @file Puts `authorize` before every route, the ones that do not exist included. */
import type { FastifyInstance } from 'fastify';
import { type AccessRules, authorize } from './authorize.ts';
import type { Principal } from './principal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
}

/** Answer without a key, so that supervisors and load balancers can ask; they say nothing but how the API is. */
const OPEN_ROUTES = new Set(['/healthz', '/readyz']);

export function guardRoutes(app: FastifyInstance, rules: AccessRules): void {
  const nobody: Principal | null = null;
  app.decorateRequest('principal', nobody as unknown as Principal);
  app.addHook('onRequest', async (request) => {
    if (OPEN_ROUTES.has(request.routeOptions.url ?? '')) return;
    request.principal = authorize(
      {
        method: request.method,
        // The socket's address: a header such as X-Forwarded-For can be made up.
        remoteAddress: request.raw.socket.remoteAddress ?? '',
        localAddress: request.raw.socket.localAddress,
        headers: request.headers,
      },
      rules,
    );
  });
}
