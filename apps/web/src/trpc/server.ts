/** @file The typed client for server components: it talks to the API directly, with the platform's key. */
import 'server-only';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { readEnv } from '~/env.ts';
import type { AppRouter } from './app-router.ts';

export function api() {
  const { apiUrl, apiKey } = readEnv();
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${apiUrl}/trpc`,
        headers: apiKey === null ? {} : { authorization: `Bearer ${apiKey}` },
        fetch: (url, init) => fetch(url as string, { ...(init as RequestInit), cache: 'no-store' }),
      }),
    ],
  });
}
