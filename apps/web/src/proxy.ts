/** @file Gives every page a nonce and a content security policy. Uploads pass by it, so their bodies are not buffered. */
import { type NextRequest, NextResponse } from 'next/server';
import { isDevelopment } from './mode/env.ts';
import { contentSecurityPolicy } from './server/content-security-policy.ts';

export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce, isDevelopment());
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = { matcher: ['/((?!api/|_next/static|_next/image|icon.svg).*)'] };
