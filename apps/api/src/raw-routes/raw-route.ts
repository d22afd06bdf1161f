/**
 * @file A route that is no procedure: images, files, uploads, protocols of others. Its path, its schemas and its handler are
 * declared once, so that OpenAPI says what is validated (`openapi/raw-operations.ts`).
 */
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { z } from 'zod';
import type { Services } from '../context.ts';
import { assertKnownFields } from '../errors/unknown-fields.ts';

/** Of a body or an answer: bytes, text, or JSON of a schema. */
export type Content = 'bytes' | 'text' | z.ZodType;

export interface RouteAnswer {
  readonly description: string;
  /** By content type; none has no body. */
  readonly content?: Readonly<Record<string, Content>>;
}

interface Documented {
  readonly method: HTTPMethods;
  /** As OpenAPI writes it: `/v1/models/{name}/predict`. */
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** What it takes, by content type. */
  readonly body?: Readonly<Record<string, Content>>;
  /** Of its body; the scope's when absent. */
  readonly maxBodyBytes?: number;
  /** By status, of those that are no errors. */
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** Problem details when absent; otherwise as the Open Inference Protocol, tus or Lookout for Vision has them. */
  readonly errors?: 'protocol' | 'upload' | 'lookout';
  /** Answers whoever asks. */
  readonly isOpen?: true;
}

interface Schemas<P, Q, H> {
  readonly params?: P;
  /** Fields that it doesn't have are refused. Absent: the query is not looked at. */
  readonly query?: Q;
  /** By their names as they are written. */
  readonly headers?: H;
}

/** What a handler is given, validated. */
export interface Asked<P, Q, H> {
  readonly params: P;
  readonly query: Q;
  readonly headers: H;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export interface RawRoute extends Documented, Schemas<z.ZodObject, z.ZodObject, z.ZodObject> {
  /** @throws DomainError or ZodError for what its schemas refuse */
  run(context: Services, request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

type Empty = z.ZodObject<Record<never, never>>;

export function rawRoute<
  P extends z.ZodObject = Empty,
  Q extends z.ZodObject = Empty,
  H extends z.ZodObject = Empty,
>({
  handle,
  ...route
}: Documented &
  Schemas<P, Q, H> & {
    handle(
      context: Services,
      asked: Asked<z.output<P>, z.output<Q>, z.output<H>>,
    ): Promise<unknown> | unknown;
  }): RawRoute {
  const { params, query, headers } = route;
  return {
    ...route,
    run: async (context, request, reply) => {
      if (query !== undefined)
        assertKnownFields(request.query as Record<string, unknown>, Object.keys(query.shape));
      return handle(context, {
        params: read(params, request.params),
        query: read(query, request.query),
        headers: read(headers, headersOf(request, headers)),
        ...{ request, reply },
      });
    },
  };
}

function read<S extends z.ZodObject>(schema: S | undefined, value: unknown): z.output<S> {
  return schema === undefined ? ({} as z.output<S>) : schema.parse(value);
}

/** By their names in the schema: Node has them in lower case. */
function headersOf({ headers }: FastifyRequest, schema: z.ZodObject | undefined): object {
  const names = Object.keys(schema?.shape ?? {});
  return Object.fromEntries(names.map((name) => [name, headers[name.toLowerCase()]]));
}
