/** @file What the dashboard's server asks the API for itself: to sign somebody in or out, and whether a session still counts. */
import { BROWSER_ADDRESS_HEADER } from '@plumbline/contracts';
import { readEnv, type WebEnv } from '../env.ts';

interface Ask {
  readonly authorization?: string;
  /** JSON. */
  readonly body?: object;
  /** Address of the browser that this is for. */
  readonly browser?: string;
}

const ANSWER_MS = 10_000;

/** Null when the API does not answer. */
export async function askApi(
  method: string,
  path: string,
  { authorization, body, browser }: Ask = {},
): Promise<Response | null> {
  const headers = {
    ...(authorization === undefined ? {} : { authorization }),
    ...(browser === undefined ? {} : { [BROWSER_ADDRESS_HEADER]: browser }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const signal = AbortSignal.timeout(ANSWER_MS);
  const init: RequestInit = { method, headers, cache: 'no-store', signal, ...sent };
  return fetch(`${readEnv().apiUrl}${path}`, init).catch(() => null);
}

/** Whether the API knows nobody by it any more. One that does not answer says nothing: pages then say that it does not. */
export async function isOver(
  authorization: string | null,
  { needsSignIn }: Pick<WebEnv, 'needsSignIn'>,
): Promise<boolean> {
  if (authorization === null || !needsSignIn) return false;
  return (await askApi('GET', '/v1/me', { authorization }))?.status === 401;
}
