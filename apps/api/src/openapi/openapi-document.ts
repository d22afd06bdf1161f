/** @file The OpenAPI 3.1 document: procedures by their metadata, raw routes by hand, one shape for all errors. */
import { ERROR_STATUS, errorBodySchema } from '@plumbline/contracts';
import { generateOpenApiDocument } from 'trpc-to-openapi';
import { z } from 'zod';
import { appRouter } from '../app-router.ts';
import { API_VERSION } from '../version.ts';
import { RAW_PATHS } from './raw-paths.ts';

interface Operation {
  responses?: Record<string, unknown>;
  security?: unknown;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

const ERROR_REFERENCE = { $ref: '#/components/responses/Error' };

export function openApiDocument(): OpenApiDocument {
  const generated = generateOpenApiDocument(appRouter, {
    title: 'Plumbline',
    version: API_VERSION,
    description:
      'Datasets, training runs, leaderboards and inspections. Errors are answered with ' +
      '`{ "error": { code, message, fix, file, field } }`. With PLUMBLINE_API_KEY set, send it as a bearer token.',
    baseUrl: '/',
  });
  const paths = { ...generated.paths, ...RAW_PATHS } as Record<string, Record<string, Operation>>;
  return {
    openapi: generated.openapi,
    info: generated.info,
    ...{ servers: generated.servers, security: [{ Authorization: [] }, {}] },
    paths: mapValues(paths, (operations) => mapValues(operations, withErrors)),
    components: {
      ...keepSchemas(generated.components),
      responses: { Error: errorResponse() },
      securitySchemes: { Authorization: { type: 'http', scheme: 'bearer' } },
    },
  };
}

/** The generator describes tRPC's own error shape, which this API does not answer with. */
function withErrors({ security, responses = {}, ...operation }: Operation): Operation {
  const successes = Object.entries(responses).filter(([status]) => Number(status) < 400);
  return {
    ...operation,
    ...(Array.isArray(security) && security.length === 0 ? { security } : {}),
    responses: { ...Object.fromEntries(successes), default: ERROR_REFERENCE },
  };
}

function errorResponse(): object {
  const statuses = [...new Set(Object.values(ERROR_STATUS))].sort((a, b) => a - b);
  const { $schema: _, ...error } = z.toJSONSchema(errorBodySchema);
  return {
    description: `The request failed (${statuses.join(', ')}).`,
    headers: {
      'Retry-After': {
        description: 'With 503: seconds after which to send the request again.',
        schema: { type: 'integer' },
      },
    },
    content: {
      'application/json': {
        schema: { type: 'object', properties: { error }, required: ['error'] },
      },
    },
  };
}

/** Without the generator's error schemas, which nothing refers to any more. */
function keepSchemas(components: { schemas?: object } | undefined): object {
  const schemas = Object.entries(components?.schemas ?? {}).filter(
    ([name]) => !name.startsWith('error.'),
  );
  return schemas.length === 0 ? {} : { schemas: Object.fromEntries(schemas) };
}

function mapValues<Value, Result>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
}
