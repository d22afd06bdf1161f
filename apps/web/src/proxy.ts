/**
 * @file Before every page: who may see it (`server/access.ts`), then a nonce and a content security policy. Requests to the
 * API pass by it, so that their bodies are not buffered; `forward-to-api.ts` checks them itself.
 */
import { type NextRequest, NextResponse } from 'next/server';
import { readEnv } from './env.ts';
import { isDevelopment } from './mode/env.ts';
import { type Access, decideAccess, refuseHost } from './server/access.ts';
import { isOver } from './server/ask-api.ts';
import { contentSecurityPolicy } from './server/content-security-policy.ts';

const SIGN_IN = '/sign-in';
/** What signing in itself needs. */
const OPEN_PATHS = new Set([SIGN_IN, '/session']);

export async function proxy(request: NextRequest): Promise<NextResponse> {
  const env = readEnv();
  const { method, headers: sent, nextUrl } = request;
  const access: Access = OPEN_PATHS.has(nextUrl.pathname)
    ? (refuseHost(method, sent, env) ?? { kind: 'granted', authorization: null })
    : decideAccess(method, sent, env);
  if (access.kind === 'forbidden') return refusal(access.message, access.fix);
  if (access.kind === 'sign-in' || (await isOver(access.authorization, env)))
    return toSignIn(nextUrl);
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce, isDevelopment());
  const headers = new Headers(sent);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  if (env.needsSignIn) response.headers.set('cache-control', 'private, no-store');
  return response;
}

/** Next makes the address relative: behind a proxy this server does not know its own. */
function toSignIn(asked: NextRequest['nextUrl']): NextResponse {
  const address = asked.clone();
  address.pathname = SIGN_IN;
  address.search = `?next=${encodeURIComponent(`${asked.pathname}${asked.search}`)}`;
  return NextResponse.redirect(address, 303);
}

function refusal(message: string, fix: string): NextResponse {
  const text = (line: string) => line.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const page = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Plumbline</title><body style="font:1rem/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem"><h1>Not answered</h1><p>${text(message)}</p><p>${text(fix)}</p></body></html>`;
  return new NextResponse(page, {
    status: 403,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}

export const config = { matcher: ['/((?!api/|_next/static|_next/image|icon.svg).*)'] };
