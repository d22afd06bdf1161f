/** @file OpenAPI of the routes that are no procedures, from the schemas that they validate with. */
import { z } from 'zod';
import type { Content, RawRoute } from '../raw-routes/raw-route.ts';
import { RAW_ROUTES } from '../raw-routes/raw-routes.ts';
import { FAILED, OTHER_FAILED } from './failures.ts';

type Paths = Record<string, Record<string, object>>;
type Place = 'path' | 'query' | 'header';

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
}

export function rawPaths(): Paths {
  const paths: Paths = {};
  for (const route of RAW_ROUTES)
    paths[route.path] = {
      ...paths[route.path],
      [String(route.method).toLowerCase()]: operationOf(route),
    };
  return paths;
}

function operationOf(route: RawRoute): object {
  const { id, tag, summary, description, params, query, headers, body, answers } = route;
  const parameters = [
    ...parametersOf('path', params),
    ...parametersOf('query', query),
    ...parametersOf('header', headers),
  ];
  return {
    ...{ operationId: id, tags: [tag], summary },
    ...(description === undefined ? {} : { description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: contentOf(body, 'input') } }),
    ...(route.isOpen ? { security: [] } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            ...(answer.content === undefined
              ? {}
              : { content: contentOf(answer.content, 'output') }),
          },
        ]),
      ),
      ...(route.errors === undefined ? FAILED : OTHER_FAILED[route.errors]),
    },
  };
}

function parametersOf(place: Place, schema: z.ZodObject | undefined): object[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = toJsonSchema(schema, 'input') as ObjectSchema;
  return Object.entries(properties).map(([name, { description, ...own }]) => ({
    ...{ name, in: place, required: place === 'path' || required.includes(name) },
    ...(description === undefined ? {} : { description }),
    schema: own,
  }));
}

function contentOf(content: Readonly<Record<string, Content>>, io: 'input' | 'output'): object {
  return Object.fromEntries(
    Object.entries(content).map(([type, schema]) => [type, { schema: schemaOf(schema, io) }]),
  );
}

function schemaOf(content: Content, io: 'input' | 'output'): object {
  if (content === 'bytes') return { type: 'string', format: 'binary' };
  return content === 'text' ? { type: 'string' } : toJsonSchema(content, io);
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return plain;
}
