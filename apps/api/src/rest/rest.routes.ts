/** @file Every procedure as a REST route under the method and path of its OpenAPI metadata. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { appRouter } from '../app-router.ts';
import { contextOf, type Services } from '../context.ts';
import { refuseOtherContentTypes } from '../errors/other-content-types.ts';
import { assertKnownFields } from '../errors/unknown-fields.ts';
import type { ProcedureMeta } from '../trpc.ts';
import { objectShape, readTextValues } from './text-values.ts';

/** Their input is in the address. */
const WITHOUT_BODY = new Set(['GET', 'HEAD', 'DELETE']);

type Caller = Record<string, Record<string, (input: unknown) => Promise<unknown>>>;

/** The part of a tRPC procedure that is read here. */
interface DescribedProcedure {
  readonly _def: {
    readonly type: 'query' | 'mutation' | 'subscription';
    readonly meta?: ProcedureMeta;
    readonly inputs?: readonly unknown[];
  };
}

export async function restRoutes(app: FastifyInstance, context: Services): Promise<void> {
  acceptEmptyJson(app);
  refuseOtherContentTypes(app, 'Send JSON, with -H "Content-Type: application/json" in curl.');
  for (const [path, { _def }] of describedProcedures()) {
    const { openapi, created, isDoneLater, least } = _def.meta ?? {};
    if (openapi === undefined) continue;
    const [feature = '', name = ''] = path.split('.');
    const schema = _def.inputs?.[0];
    app.route({
      method: openapi.method,
      url: openapi.path.replace(/\{(\w+)\}/g, ':$1'),
      config: least === undefined ? {} : { least },
      handler: async (request, reply) => {
        const caller = appRouter.createCaller(contextOf(context, request));
        const input = inputOf(request, schema);
        const made = await (caller as unknown as Caller)[feature]?.[name]?.(input);
        if (created !== undefined) {
          const params = request.params as Readonly<Record<string, string>>;
          reply.status(isDoneLater ? 202 : 201).header('location', created(made as never, params));
        }
        return made;
      },
    });
  }
}

/** By path (`runs.start`) at run time, whatever the type says. */
export function describedProcedures(): [string, DescribedProcedure][] {
  const procedures = appRouter._def.procedures as unknown as Record<string, DescribedProcedure>;
  return Object.entries(procedures);
}

function inputOf(request: FastifyRequest, schema: unknown): unknown {
  if (schema instanceof z.ZodVoid) return undefined;
  const params = request.params as Record<string, unknown>;
  if (WITHOUT_BODY.has(request.method)) {
    const query = request.query as Record<string, unknown>;
    return readTextValues(schema, known(schema, { ...query, ...params }));
  }
  // An array or a string is no object of fields: let the schema say so.
  const { body } = request;
  const isFields = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (!isFields && body !== undefined && body !== null) return body;
  return known(schema, { ...(body ?? {}), ...readTextValues(schema, params) });
}

function known(schema: unknown, fields: Record<string, unknown>): Record<string, unknown> {
  const shape = Object.keys(objectShape(schema));
  // A union's fields depend on which of them is meant.
  if (shape.length > 0) assertKnownFields(fields, shape);
  return fields;
}

/** `POST …/cancel` takes nothing, but many clients label nothing as JSON. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, String(body), done);
  });
}
