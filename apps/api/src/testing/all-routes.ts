/** @file Every address that a test platform registers, with values in place of parameters. */
import type { Least } from '../access/route-roles.ts';
import type { TestPlatform } from './test-platform.ts';

export interface TestedRoute {
  /** `POST /v1/models/:name/predict`, as it is declared. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly least: Least;
}

const HASH = 'a'.repeat(64);

export function allRoutes({ server }: Pick<TestPlatform, 'server'>): TestedRoute[] {
  // The tRPC plugin answers any method, most of them with 405.
  const routes = server.routes.filter(
    ({ method, url }) => !url.startsWith('/trpc/') || ['GET', 'POST'].includes(method),
  );
  return routes.map(({ method, url, least }) => ({
    route: `${method} ${url}`,
    method,
    least,
    path: url
      .replace('/trpc/:path', '/trpc/system.status')
      .replace(':sha256', HASH)
      .replace(':version', '1')
      .replace(/:\w+/g, 'x')
      .replace('*', 'swagger-ui.css'),
  }));
}
