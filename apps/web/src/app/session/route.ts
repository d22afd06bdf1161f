/** @file Signing in and out: a form posts the API key, and gets a session cookie for it. */
import { readEnv } from '~/env.ts';
import { refuseHost } from '~/server/access.ts';
import { localPath } from '~/server/local-path.ts';
import { createSession, isSame, SESSION_SECONDS, sessionCookieName } from '~/server/session.ts';

export const dynamic = 'force-dynamic';

/** A wrong key is answered late; the least key has 24 characters, so guessing is hopeless anyway. */
const WRONG_KEY_MS = 500;

export async function POST(request: Request): Promise<Response> {
  const env = readEnv();
  const refused = refuseHost(request.method, request.headers, env);
  if (refused?.kind === 'forbidden') return new Response(refused.message, { status: 403 });
  const form = await request.formData().catch(() => new FormData());
  const next = localPath(form.get('next'));
  if (form.get('leave') === 'true') return goTo('/sign-in', cookie(request, '', 0));
  const key = form.get('key');
  if (env.apiKey === null) return goTo(next);
  if (typeof key !== 'string' || !isSame(key.trim(), env.apiKey)) {
    await new Promise((resolve) => setTimeout(resolve, WRONG_KEY_MS));
    return goTo(`/sign-in?wrong=true&next=${encodeURIComponent(next)}`);
  }
  return goTo(next, cookie(request, createSession(env.apiKey), SESSION_SECONDS));
}

function cookie(request: Request, value: string, maxAge: number): string {
  const name = sessionCookieName(request.headers.get('host'));
  const secure = request.headers.get('x-forwarded-proto') === 'https' ? '; Secure' : '';
  return `${name}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
}

/** A relative address: behind a proxy this server does not know its own. */
function goTo(location: string, setCookie?: string): Response {
  const headers = new Headers({ location });
  if (setCookie !== undefined) headers.set('set-cookie', setCookie);
  return new Response(null, { status: 303, headers });
}
