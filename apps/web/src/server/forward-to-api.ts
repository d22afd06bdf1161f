/** @file Streams one request of the browser to the API and its answer back; bodies are never held in memory. */
import 'server-only';
import type { ErrorBody } from '@plumbline/contracts';
import { readEnv } from '~/env.ts';
import { decideAccess } from './access.ts';
import { apiAddress, requestHeaders, responseHeaders } from './forwarding.ts';

export async function forwardToApi(request: Request): Promise<Response> {
  const env = readEnv();
  const access = decideAccess(request.method, request.headers, env);
  if (access.kind === 'forbidden') return failure(403, 'FORBIDDEN', access.message, access.fix);
  if (access.kind === 'sign-in') {
    const fix = 'Open the dashboard, sign in, and try again.';
    return failure(401, 'UNAUTHORIZED', 'You are not signed in.', fix);
  }
  const { apiUrl } = env;
  const address = apiAddress(request.url, apiUrl);
  if (address === null) return failure(404, 'NOT_FOUND', 'The API has no such address.', null);
  try {
    const answer = await fetch(address, forwardedInit(request, access.authorization));
    return new Response(answer.body, {
      status: answer.status,
      headers: responseHeaders(answer.headers, apiUrl),
    });
  } catch {
    const fix = 'Check that the platform is running (plumb status), then try again.';
    return failure(503, 'UNAVAILABLE', 'The Plumbline API does not answer.', fix);
  }
}

function forwardedInit(
  request: Request,
  authorization: string | null,
): RequestInit & { duplex: 'half' } {
  return {
    method: request.method,
    headers: requestHeaders(request.headers, authorization),
    body: request.body,
    duplex: 'half',
    redirect: 'manual',
    cache: 'no-store',
    signal: request.signal,
  };
}

function failure(
  status: number,
  code: ErrorBody['code'],
  message: string,
  fix: string | null,
): Response {
  const error: ErrorBody = { code, message, fix, file: null, field: null };
  return Response.json({ error }, { status });
}
