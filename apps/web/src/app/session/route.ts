/** @file Signing in and out: a form posts email and password, or the API key, and gets a session cookie for it. */
import { SESSION_PATTERN, startedSessionSchema } from '@plumbline/contracts';
import { readEnv } from '~/env.ts';
import { decideAccess, refuseHost } from '~/server/access.ts';
import { askApi } from '~/server/ask-api.ts';
import { endSession } from '~/server/end-session.ts';
import { browserAddress } from '~/server/forwarding.ts';
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
  if (form.get('leave') === 'true') return leave(request);
  if (!env.needsSignIn) return goTo(next);
  const token = await tokenFor(form, browserAddress(request.headers));
  if (token === null) return goTo(`/sign-in?wrong=true&next=${encodeURIComponent(next)}`);
  return goTo(next, cookie(request, token, SESSION_SECONDS));
}

/** Null for what is wrong. */
async function tokenFor(form: FormData, browser: string): Promise<string | null> {
  const { apiKey } = readEnv();
  const [email, password, key] = [form.get('email'), form.get('password'), form.get('key')];
  if (typeof email === 'string' && typeof password === 'string' && email !== '') {
    const answer = await askApi('POST', '/v1/session', { body: { email, password }, browser });
    const started = startedSessionSchema.safeParse(await answer?.json().catch(() => null));
    return started.success ? started.data.token : null;
  }
  if (typeof key === 'string' && apiKey !== null && isSame(key.trim(), apiKey)) {
    return createSession(apiKey);
  }
  await new Promise((resolve) => setTimeout(resolve, WRONG_KEY_MS));
  return null;
}

/** Whoever could not be signed out stays signed in, and is told so. */
async function leave(request: Request): Promise<Response> {
  const access = decideAccess(request.method, request.headers, readEnv());
  const authorization = access.kind === 'granted' ? access.authorization : null;
  if (authorization !== null && SESSION_PATTERN.test(authorization.replace('Bearer ', ''))) {
    const isEnded = await endSession(authorization, browserAddress(request.headers));
    if (!isEnded) return goTo('/sign-in?stays=true');
  }
  return goTo('/sign-in', cookie(request, '', 0));
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
