/**
 * @file Headers that tell browsers to make no page of what the API answers, and nobody where it was read. `/docs` is a page and
 * has a policy of its own.
 */
import type { FastifyInstance } from 'fastify';

const HEADERS: Readonly<Record<string, string>> = {
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};
/** An image or JSON that somebody opens runs and loads nothing. */
const POLICY = "default-src 'none'; frame-ancestors 'none'";

export function securityHeaders(app: FastifyInstance): void {
  // On the raw answer, so that those that pass Fastify by have them too.
  app.addHook('onRequest', async ({ raw: { url = '' } }, { raw }) => {
    for (const [name, value] of Object.entries(HEADERS)) raw.setHeader(name, value);
    if (!/^\/docs(\/|$|\?)/.test(url)) raw.setHeader('content-security-policy', POLICY);
  });
}
