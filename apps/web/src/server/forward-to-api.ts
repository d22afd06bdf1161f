/** @file Streams one request of the browser to the API and its answer back; bodies are never held in memory. */
import 'server-only';
import type { ErrorBody } from '@plumbline/contracts';
import { readEnv } from '~/env.ts';
import { apiAddress, requestHeaders, responseHeaders } from './forwarding.ts';
import { isCrossSite } from './is-cross-site.ts';

export async function forwardToApi(request: Request): Promise<Response> {
  if (isCrossSite(request.method, request.headers)) {
    return failure(403, 'FORBIDDEN', 'A page of another site may not change anything here.', null);
  }
  const { apiUrl, apiKey } = readEnv();
  const address = apiAddress(request.url, apiUrl);
  if (address === null) return failure(404, 'NOT_FOUND', 'The API has no such address.', null);
  try {
    const answer = await fetch(address, forwardedInit(request, apiKey));
    return new Response(answer.body, {
      status: answer.status,
      headers: responseHeaders(answer.headers, apiUrl),
    });
  } catch {
    const fix = 'Check that the platform is running (plumb status), then try again.';
    return failure(503, 'UNAVAILABLE', 'The Plumbline API does not answer.', fix);
  }
}

function forwardedInit(request: Request, apiKey: string | null): RequestInit & { duplex: 'half' } {
  return {
    method: request.method,
    headers: requestHeaders(request.headers, apiKey),
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
