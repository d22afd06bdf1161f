/** @file Puts `authorize` before every route, the ones that do not exist included, and then asks for the route's role. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AuditLog } from '../audit/audit-log.ts';
import { originOf } from '../context.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import { type AccessRules, authorize, authorizeGuest } from './authorize.ts';
import type { Credentials } from './credentials.ts';
import type { Principal } from './principal.ts';
import { requireRole } from './require-role.ts';
import { type Least, routeRole } from './route-roles.ts';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
  interface FastifyContextConfig {
    /** The least role of a REST route, from its procedure. */
    least?: Least;
  }
}

export interface GuardedRoute {
  readonly method: string;
  readonly url: string;
  readonly least: Least;
}

interface Guards {
  readonly credentials: Pick<Credentials, 'identify'>;
  readonly audit: Pick<AuditLog, 'recordRefusal'>;
  readonly rateLimit: Pick<RateLimit, 'admit'>;
}

/**
 * Before any route is registered.
 * @returns Every route that is registered from now on, with its least role
 * @throws Error while routes are registered, for one that declares none
 */
export function guardRoutes(
  app: FastifyInstance,
  rules: AccessRules,
  { credentials, audit, rateLimit }: Guards,
): readonly GuardedRoute[] {
  const routes: GuardedRoute[] = [];
  const nobody: Principal | null = null;
  app.decorateRequest('principal', nobody as unknown as Principal);
  app.addHook('onRoute', (route) => {
    for (const method of [route.method].flat()) {
      const least = route.config?.least ?? routeRole(method, route.url);
      if (least === null)
        throw new Error(
          `${method} ${route.url} declares no role: add it to access/route-roles.ts, or make it of a procedure.`,
        );
      routes.push({ method, url: route.url, least });
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    const least = leastOf(request);
    if (least === 'anyone') return;
    if (least === 'guest') return authorizeGuest(askingOf(request), rules);
    request.principal = await authorize(askingOf(request), rules, (secret) =>
      credentials.identify(secret),
    );
    rateLimit.admit(request.principal, reply);
    try {
      requireRole(request.principal, least);
    } catch (error) {
      await recordRefusal(request, audit, error);
      throw error;
    }
  });
  return routes;
}

/** Of what would have changed something; a log that can't be written to lets nobody in. */
async function recordRefusal(request: FastifyRequest, audit: Guards['audit'], error: unknown) {
  const { method, routeOptions, params, principal } = request;
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  const action = `${method} ${routeOptions.url ?? ''}`;
  await audit.recordRefusal({ principal, origin: originOf(request), action, input: params }, error);
}

/** Whoever is known may learn that an address does not exist. */
function leastOf({ is404, method, routeOptions: { config, url } }: FastifyRequest): Least {
  if (is404) return 'viewer';
  return config.least ?? routeRole(method, url ?? '') ?? 'admin';
}

function askingOf({ method, raw: { socket }, headers }: FastifyRequest) {
  return {
    method,
    // The socket's address: a header such as X-Forwarded-For can be made up.
    remoteAddress: socket.remoteAddress ?? '',
    localAddress: socket.localAddress,
    headers,
  };
}
