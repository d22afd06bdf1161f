/**
 * @file The least role that a raw route asks for. Procedures say theirs by what they are made of (`viewerProcedure`, …); the
 * server does not start with a route that has none.
 */
import type { Role } from '@plumbline/contracts';

/**
 * `anyone`: also without a key, for supervisors and load balancers. Such routes say nothing but how the API is. `guest`: to
 * sign in.
 */
export type Least = Role | 'anyone' | 'guest';

const MODEL = '/v2/models/:name';
const VERSION = `${MODEL}/versions/:version`;

const ROUTE_ROLES: Readonly<Record<string, Least>> = {
  'GET /healthz': 'anyone',
  'GET /readyz': 'anyone',
  'POST /v1/session': 'guest',
  'DELETE /v1/session': 'viewer',
  // By any method; each procedure has a role of its own.
  '* /trpc/:path': 'viewer',
  'GET /openapi.json': 'viewer',
  'GET /metrics': 'viewer',
  'GET /v1/blobs/:sha256': 'viewer',
  'GET /v1/masks/:sha256': 'viewer',
  'POST /v1/masks': 'engineer',
  'GET /v1/datasets/:name/export': 'viewer',
  'GET /v1/runs/:id/suspects/heatmaps/:position': 'viewer',
  'GET /v1/suspects/:id/heatmaps/:position': 'viewer',
  'GET /v1/leaderboards/:dataset/export': 'viewer',
  'GET /v1/models/:name/versions/:version/bundle.zip': 'viewer',
  'GET /v1/models/:name/versions/:version/files/:file': 'viewer',
  'GET /v1/models/:name/versions/:version/heatmaps/:sha256': 'viewer',
  'POST /v1/models/:name/predict': 'operator',
  'POST /v1/models/:name/normal': 'operator',
  'POST /2020-11-20/projects/:project/models/:version/detect': 'operator',
  'GET /v1/batches/:id/results': 'operator',
  'GET /v1/batches/:id/heatmaps/:image': 'operator',
  'GET /v2': 'viewer',
  'GET /v2/health/live': 'viewer',
  'GET /v2/health/ready': 'viewer',
  [`GET ${MODEL}`]: 'viewer',
  [`GET ${MODEL}/ready`]: 'viewer',
  [`POST ${MODEL}/infer`]: 'operator',
  [`GET ${VERSION}`]: 'viewer',
  [`GET ${VERSION}/ready`]: 'viewer',
  [`POST ${VERSION}/infer`]: 'operator',
  // What is uploaded is inspected, or imported, which asks for more.
  'POST /v1/uploads': 'operator',
  'OPTIONS /v1/uploads': 'operator',
  'HEAD /v1/uploads/:id': 'operator',
  'PATCH /v1/uploads/:id': 'operator',
  'DELETE /v1/uploads/:id': 'operator',
  'OPTIONS /v1/uploads/:id': 'operator',
};

/** Null for a route that declares none. */
export function routeRole(method: string, url: string): Least | null {
  const declared = ROUTE_ROLES[`${method} ${url}`] ?? ROUTE_ROLES[`* ${url}`];
  if (declared !== undefined) return declared;
  // Fastify makes a HEAD of every GET.
  if (method === 'HEAD') return routeRole('GET', url);
  // Pages that describe the API, of a plugin that names its files itself.
  return method === 'GET' && /^\/docs(\/|$)/.test(url) ? 'viewer' : null;
}
