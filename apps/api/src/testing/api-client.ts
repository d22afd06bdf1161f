/** @file The API as the dashboard and the command line call it. */
import type { ErrorBody } from '@plumbline/contracts';
import { createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../router.ts';

export type ApiClient = ReturnType<typeof createTRPCClient<AppRouter>>;

export function clientOf({ url }: { readonly url: string }): ApiClient {
  return createTRPCClient<AppRouter>({ links: [httpBatchLink({ url: `${url}/trpc` })] });
}

/** What a call that must fail says. */
export async function trpcError(promise: Promise<unknown>): Promise<ErrorBody> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (!(error instanceof TRPCClientError)) throw new Error('no tRPC error');
  return (error.data as { plumbline: ErrorBody }).plumbline;
}
