/** @file The OpenAPI 3.1 document: procedures by their metadata, raw routes by their schemas, one shape for all errors. */
import { ERROR_STATUS, PROBLEM_CONTENT_TYPE, problemSchema } from '@plumbline/contracts';
import { generateOpenApiDocument } from 'trpc-to-openapi';
import { z } from 'zod';
import { appRouter } from '../app-router.ts';
import { describedProcedures } from '../rest/rest.routes.ts';
import { API_VERSION } from '../version.ts';
import { FAILED, LOOKOUT_ERROR, PROTOCOL_ERROR } from './failures.ts';
import { rawPaths } from './raw-operations.ts';

interface Operation {
  responses?: Record<string, unknown>;
  parameters?: readonly unknown[];
  security?: unknown;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: object;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

const LOCATION = { description: 'Its address.', schema: { type: 'string' } };
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', maxLength: 255 },
  description:
    'Sent again with the same key and the same input, it makes nothing new and answers what it made.',
};

export function openApiDocument(): OpenApiDocument {
  const generated = generateOpenApiDocument(appRouter, {
    title: 'Plumbline',
    version: API_VERSION,
    description:
      'Datasets, training runs, leaderboards and inspections. Errors are problem details (RFC 9457) with the member ' +
      '`"error": { code, message, fix, file, field }`. With PLUMBLINE_API_KEY set, send it as a bearer token.',
    baseUrl: '/',
  });
  const described = generated.paths as Record<string, Record<string, Operation>>;
  markCreations(described);
  return {
    openapi: generated.openapi,
    info: generated.info,
    ...{ servers: generated.servers, security: [{ Authorization: [] }, {}] },
    paths: {
      ...mapValues(described, (operations) => mapValues(operations, withErrors)),
      ...rawPaths(),
    },
    components: {
      ...keepSchemas(generated.components),
      responses: {
        Error: errorResponse(),
        ProtocolError: PROTOCOL_ERROR,
        LookoutError: LOOKOUT_ERROR,
        UploadError: uploadError(),
      },
      securitySchemes: { Authorization: { type: 'http', scheme: 'bearer' } },
    },
  };
}

/** What makes something answers 201, or 202 while a job goes on, and says where it is. */
function markCreations(paths: Record<string, Record<string, Operation>>): void {
  for (const [, { _def }] of describedProcedures()) {
    const { openapi, created, isDoneLater } = _def.meta ?? {};
    if (openapi === undefined || created === undefined) continue;
    const operation = paths[openapi.path]?.[openapi.method.toLowerCase()];
    const { 200: made, ...others } = operation?.responses ?? {};
    if (operation === undefined || made === undefined) continue;
    operation.responses = {
      [isDoneLater ? 202 : 201]: {
        ...(made as object),
        description: isDoneLater ? 'Begun' : 'Made',
        headers: { Location: LOCATION },
      },
      ...others,
    };
    operation.parameters = [...(operation.parameters ?? []), IDEMPOTENCY_KEY];
  }
}

/** The generator describes tRPC's own error shape, which this API does not answer with. */
function withErrors({ security, responses = {}, ...operation }: Operation): Operation {
  const successes = Object.entries(responses).filter(([status]) => Number(status) < 400);
  return {
    ...operation,
    ...(Array.isArray(security) && security.length === 0 ? { security } : {}),
    responses: { ...Object.fromEntries(successes), ...FAILED },
  };
}

/** The tus server has a form of its own for what breaks its protocol. */
function uploadError(): object {
  const { $schema: _, ...schema } = z.toJSONSchema(problemSchema);
  return {
    description: 'The request failed.',
    content: { [PROBLEM_CONTENT_TYPE]: { schema }, 'text/plain': { schema: { type: 'string' } } },
  };
}

function errorResponse(): object {
  const statuses = [...new Set(Object.values(ERROR_STATUS))].sort((a, b) => a - b);
  const { $schema: _, ...schema } = z.toJSONSchema(problemSchema);
  return {
    description: `The request failed (${statuses.join(', ')}).`,
    headers: {
      'Retry-After': {
        description: 'With 503 and 429: seconds after which to send the request again.',
        schema: { type: 'integer' },
      },
    },
    content: { [PROBLEM_CONTENT_TYPE]: { schema } },
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
