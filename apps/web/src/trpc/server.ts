/** @file The typed client for server components: it talks to the API directly, with what the browser has brought. */
import 'server-only';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { headers } from 'next/headers';
import { readEnv } from '~/env.ts';
import { decideAccess } from '~/server/access.ts';
import type { AppRouter } from './app-router.ts';

export function api() {
  const { apiUrl } = readEnv();
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${apiUrl}/trpc`,
        headers: () => authorization(),
        fetch: (url, init) => fetch(url as string, { ...(init as RequestInit), cache: 'no-store' }),
      }),
    ],
  });
}

/** `proxy.ts` has turned others away before; here nothing depends on its matcher. */
async function authorization(): Promise<Record<string, string>> {
  const env = readEnv();
  const access = decideAccess('GET', await headers(), env);
  if (access.kind !== 'granted') throw new Error('You are not signed in.');
  return access.authorization === null ? {} : { authorization: access.authorization };
}
