/** @file The API as the commands see it. A platform is started when none is running. */
import type { AppRouter } from '@plumbline/api/router';
import { apiErrorOf, PlumblineClient } from '@plumbline/client';
import { DomainError, errorBodySchema, type PlatformRecord } from '@plumbline/contracts';
import { findPlatform, resolveHome, startPlatform, stopPlatform } from '@plumbline/platform';
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';
import { z } from 'zod';
import { apiAddress, apiKey } from './env.ts';
import type { Output } from './output.ts';

export type ApiClient = ReturnType<typeof createTRPCClient<AppRouter>>;

export interface Connection {
  readonly api: ApiClient;
  readonly url: string;
  readonly record: PlatformRecord | null;
}

/** Connects to `PLUMBLINE_API_URL`, or to the platform of this home, which is started if need be. */
export async function connect(output: Output): Promise<Connection> {
  const address = apiAddress();
  if (address !== null) return { api: clientFor(address), url: address, record: null };
  const home = resolveHome();
  let record = await findPlatform(home);
  if (record === null) {
    output.note(`No platform is running from ${home.root}; starting one.`);
    record = await startPlatform({ home, web: true });
  }
  return { api: clientFor(record.apiUrl), url: record.apiUrl, record };
}

/**
 * Does something that a platform needs before it may listen for other machines: where none is running, one listens on
 * loopback for as long as it takes.
 */
export async function withPlatform<Result>(
  output: Output,
  work: (api: ApiClient) => Promise<Result>,
): Promise<Result> {
  const home = resolveHome();
  if (apiAddress() !== null || (await findPlatform(home)) !== null) {
    return work((await connect(output)).api);
  }
  output.progress(`Starting the platform in ${home.root} for a moment …`);
  const { apiUrl } = await startPlatform({ home, web: false, loopbackOnly: true });
  try {
    return await work(clientFor(apiUrl));
  } finally {
    await stopPlatform(home);
  }
}

export function clientFor(url: string): ApiClient {
  return createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${url}/trpc`, headers: authorization })],
  });
}

function authorization(): Record<string, string> {
  const key = apiKey();
  return key === null ? {} : { authorization: `Bearer ${key}` };
}

const trpcErrorData = z.object({ plumbline: errorBodySchema });
const restError = z.object({ error: errorBodySchema });

/** The error that a user can read, whatever layer it came through. */
export function toDomainError(error: unknown): unknown {
  if (!(error instanceof TRPCClientError)) return error;
  const data = trpcErrorData.safeParse(error.data);
  if (data.success) return DomainError.fromBody(data.data.plumbline);
  // Whoever is not let in gets no answer of a procedure, but that of every other route.
  const refusal = restError.safeParse(error.meta?.['responseJSON']);
  if (refusal.success) return DomainError.fromBody(refusal.data.error);
  return new DomainError('UNAVAILABLE', `The API did not answer: ${error.message}`, {
    fix: 'See "plumb status" and "plumb doctor".',
    cause: error,
  });
}

/** Images of one command. The server has limits of its own, and opening a large model takes its time. */
const IMAGE_TIMEOUT_MS = 300_000;

/** @param patienceMs How long a call goes on while the API is busy or away. */
export function imageClient({ url }: Connection, patienceMs: number): PlumblineClient {
  return new PlumblineClient({ url, apiKey: apiKey(), timeoutMs: IMAGE_TIMEOUT_MS, patienceMs });
}

/** Calls a route outside tRPC. @throws DomainError with what the API said. */
export async function callRoute(
  connection: Connection,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const response = await fetch(`${connection.url}${path}`, {
    ...init,
    headers: { ...authorization(), ...(init.headers as Record<string, string>) },
  });
  if (response.ok) return response;
  throw await apiErrorOf(response, `${connection.url}${path}`);
}
