/** @file Every procedure and every raw route, asked by every role. What is registered and not in the tables fails, so that it is decided on. */
import { ROLES, type Role } from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describedProcedures } from '../rest/rest.routes.ts';
import { allRoutes } from '../testing/all-routes.ts';
import { errorOf } from '../testing/error-of.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';
import type { Least } from './route-roles.ts';

const KEY = 'a-key-that-is-long-enough-1234567890';

const PROCEDURES: Readonly<Record<Role, readonly string[]>> = {
  viewer: [
    'backbones.get',
    'backbones.list',
    'datasets.deletion',
    'datasets.diff',
    'datasets.get',
    'datasets.imports',
    'datasets.importStatus',
    'datasets.layouts',
    'datasets.list',
    'datasets.samples',
    'datasets.versions',
    'keys.me',
    'leaderboards.compare',
    'leaderboards.get',
    'leaderboards.list',
    'leaderboards.protocols',
    'leaderboards.published',
    'leaderboards.reproduction',
    'leaderboards.reproductions',
    'models.aliases',
    'models.card',
    'models.deletion',
    'models.evaluation',
    'models.get',
    'models.images',
    'models.list',
    'models.promotion',
    'models.promotions',
    'monitoring.get',
    'monitoring.inspections',
    'monitoring.keptImages',
    'results.imports',
    'results.importStatus',
    'runs.deletion',
    'runs.get',
    'runs.list',
    'runs.logs',
    'runs.losses',
    'runs.result',
    'runs.suspects',
    'suspects.get',
    'suspects.review',
    'system.status',
    'thresholds.effect',
    'thresholds.get',
    'thresholds.history',
    'thresholds.preview',
  ],
  operator: [
    ...['cancel', 'get', 'list', 'start'].map((name) => `batches.${name}`),
    'monitoring.check',
    'monitoring.judge',
  ],
  engineer: [
    'backbones.add',
    'backbones.cancel',
    'backbones.fetch',
    'datasets.delete',
    'datasets.deleteVersion',
    'datasets.edit',
    'datasets.import',
    'datasets.survey',
    'datasets.update',
    'leaderboards.rerun',
    'models.delete',
    'models.deleteVersion',
    'models.extend',
    'models.promote',
    'models.removeAlias',
    'models.setAlias',
    'monitoring.keep',
    'results.import',
    'runs.cancel',
    'runs.decideSuspects',
    'runs.delete',
    'runs.estimate',
    'runs.resume',
    'runs.start',
    'suspects.cancel',
    'suspects.decide',
    'suspects.start',
    'thresholds.activate',
    'thresholds.create',
  ],
  admin: [
    'audit.list',
    'keys.create',
    'keys.get',
    'keys.list',
    'keys.revoke',
    'users.create',
    'users.list',
    'users.remove',
    'users.setPassword',
    'users.setRole',
  ],
};

/** The raw routes: those that are no procedure's. HEAD is as GET. */
const ROUTES: Readonly<Record<Least, readonly string[]>> = {
  anyone: ['GET /healthz', 'GET /readyz'],
  guest: ['POST /v1/session'],
  viewer: [
    'DELETE /v1/session',
    'GET /metrics',
    'GET /openapi.json',
    'GET /trpc/:path',
    'POST /trpc/:path',
    'GET /v1/blobs/:sha256',
    'GET /v1/datasets/:name/export',
    'GET /v1/leaderboards/:dataset/export',
    'GET /v1/masks/:sha256',
    'GET /v1/models/:name/versions/:version/bundle.zip',
    'GET /v1/models/:name/versions/:version/files/:file',
    'GET /v1/models/:name/versions/:version/heatmaps/:sha256',
    'GET /v1/runs/:id/suspects/heatmaps/:position',
    'GET /v1/suspects/:id/heatmaps/:position',
    'GET /v2',
    'GET /v2/health/live',
    'GET /v2/health/ready',
    'GET /v2/models/:name',
    'GET /v2/models/:name/ready',
    'GET /v2/models/:name/versions/:version',
    'GET /v2/models/:name/versions/:version/ready',
  ],
  operator: [
    'GET /v1/batches/:id/heatmaps/:image',
    'GET /v1/batches/:id/results',
    ...['POST', 'OPTIONS'].map((method) => `${method} /v1/uploads`),
    ...['HEAD', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => `${method} /v1/uploads/:id`),
    'POST /v1/models/:name/normal',
    'POST /v1/models/:name/predict',
    'POST /2020-11-20/projects/:project/models/:version/detect',
    'POST /v2/models/:name/infer',
    'POST /v2/models/:name/versions/:version/infer',
  ],
  engineer: ['POST /v1/masks'],
  admin: [],
};

let platform: TestPlatform;
const secrets = new Map<Role, string>();

beforeAll(async () => {
  platform = await startTestPlatform({ apiKey: KEY });
  for (const role of ROLES) {
    const made = await ask('POST', '/v1/keys', KEY, { name: `a ${role}`, role });
    expect(made.status).toBe(201);
    secrets.set(role, ((await made.json()) as { secret: string }).secret);
  }
});
afterAll(() => platform?.stop());

function ask(method: string, path: string, key: string, body?: object): Promise<Response> {
  return fetch(`${platform.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const secretOf = (role: Role): string => secrets.get(role) ?? '';

/** Each with its least role, sorted. */
function byName(table: Readonly<Record<string, readonly string[]>>): [string, string][] {
  const rows = Object.entries(table).flatMap(([role, names]) =>
    names.map((name): [string, string] => [name, role]),
  );
  return rows.sort(([a], [b]) => (a < b ? -1 : 1));
}

function ranks(role: Role, least: string): boolean {
  return ROLES.indexOf(role) >= (ROLES as readonly string[]).indexOf(least);
}

/** What is asked is empty or of nothing that exists: whoever is let in gets another error, or a list. */
async function expectRole(answer: Response, role: Role, least: string, what: string) {
  const text = await answer.text();
  const said = `${role}: ${what} answered ${answer.status} ${text.slice(0, 200)}`;
  expect(answer.status, said).not.toBe(401);
  if (ranks(role, least)) expect(answer.status, said).not.toBe(403);
  else expect(answer.status, said).toBe(403);
  if (answer.status !== 403 || text === '') return;
  const parsed = JSON.parse(text) as { error?: { data?: { plumbline: object } } };
  expect(parsed.error?.data?.plumbline ?? errorOf(text), said).toMatchObject({
    code: 'FORBIDDEN',
    message: expect.stringContaining(`the role "${least}"; key "a ${role}" has the role "${role}"`),
  });
}

describe('procedures', () => {
  const described = describedProcedures();

  test('are all in the table, with the role that they declare', () => {
    const declared = described.map(([name, { _def }]) => [name, _def.meta?.least ?? 'none']);
    expect(declared.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual(byName(PROCEDURES));
  });

  test.each(ROLES)('%s over tRPC', async (role) => {
    for (const [name, least] of byName(PROCEDURES)) {
      const type = described.find(([one]) => one === name)?.[1]._def.type;
      const answer =
        type === 'mutation'
          ? await ask('POST', `/trpc/${name}`, secretOf(role), {})
          : await ask('GET', `/trpc/${name}`, secretOf(role));
      await expectRole(answer, role, least, name);
    }
  });

  test.each(ROLES)('%s over REST', async (role) => {
    const paths = new Map(allRoutes(platform).map((one) => [one.route, one]));
    for (const [name, least] of byName(PROCEDURES)) {
      const openapi = described.find(([one]) => one === name)?.[1]._def.meta?.openapi;
      const route = `${openapi?.method} ${openapi?.path.replace(/\{(\w+)\}/g, ':$1')}`;
      const { method = '', path = '', least: declared } = paths.get(route) ?? {};
      expect([name, declared]).toEqual([name, least]);
      const answer = await ask(method, path, secretOf(role), method === 'GET' ? undefined : {});
      await expectRole(answer, role, least, route);
    }
  });
});

describe('raw routes', () => {
  const ofProcedures = new Set(
    describedProcedures().map(([, { _def }]) => {
      const { method, path } = _def.meta?.openapi ?? {};
      return `${method} ${path?.replace(/\{(\w+)\}/g, ':$1')}`;
    }),
  );
  const raw = () =>
    allRoutes(platform).filter(
      ({ route }) =>
        !ofProcedures.has(route) && !/^(GET|HEAD) \/docs/.test(route) && !isHeadOfGet(route),
    );
  /** Fastify makes one of every GET. */
  const isHeadOfGet = (route: string) =>
    route.startsWith('HEAD ') &&
    allRoutes(platform).some((one) => one.route === route.replace('HEAD', 'GET'));

  test('are all in the table', () => {
    const declared = raw().map(({ route, least }): [string, string] => [route, least]);
    expect(declared.sort(([a], [b]) => (a < b ? -1 : 1))).toEqual(byName(ROUTES));
  });

  test('the HEAD of a GET, and every page of /docs, asks for what the GET does', () => {
    const least = new Map(allRoutes(platform).map((one) => [one.route, one.least]));
    for (const [route, role] of least) {
      if (isHeadOfGet(route))
        expect([route, role]).toEqual([route, least.get(`GET${route.slice(4)}`)]);
      if (route.includes(' /docs')) expect([route, role]).toEqual([route, 'viewer']);
    }
  });

  test.each(ROLES)('%s', async (role) => {
    for (const { route, method, path, least } of raw()) {
      const answer = await ask(method, path, secretOf(role));
      await expectRole(
        answer,
        role,
        least === 'anyone' || least === 'guest' ? 'viewer' : least,
        route,
      );
    }
  });
});

test('a server with a route that declares no role does not start', () => {
  expect(() =>
    platform.server.app.route({ method: 'GET', url: '/new', handler: () => '' }),
  ).toThrow(/already listening|declares no role/);
});

test('403 over REST is a problem that says how to get the role, before any body is read', async () => {
  const answer = await ask('POST', '/v1/models/x/predict', secretOf('viewer'));
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toMatchObject({
    status: 403,
    error: {
      message: 'This needs the role "operator"; key "a viewer" has the role "viewer".',
      fix: 'Ask an admin for it: plumb keys create --name <name> --role operator, or plumb users set-role <email> operator',
    },
  });
});
