/** @file Cuts connections whose body does not come: each would hold memory and a place for as long as it likes. */
import type { FastifyInstance } from 'fastify';

/** Uploads of datasets take as long as they take; they go to disk and can be resumed. */
const PATIENT = /^\/v1\/uploads(\/|$|\?)/;

export function cutSlowBodies(app: FastifyInstance, bodyTimeoutMs: number): void {
  app.addHook('onRequest', async ({ raw }) => {
    const hasBody = raw.headers['content-length'] ?? raw.headers['transfer-encoding'];
    if (hasBody === undefined || hasBody === '0' || PATIENT.test(raw.url ?? '')) return;
    const timer = setTimeout(() => {
      if (!raw.complete) raw.destroy();
    }, bodyTimeoutMs);
    raw.once('close', () => clearTimeout(timer));
    raw.once('end', () => clearTimeout(timer));
  });
}
