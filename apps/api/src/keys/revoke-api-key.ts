/** @file Ends a key: here with this call, in other API processes as soon as PostgreSQL has told them. */
import type { ApiKey } from '@plumbline/contracts';
import type { Context } from '../context.ts';

/** @throws DomainError NOT_FOUND */
export async function revokeApiKey(
  { database, credentials }: Pick<Context, 'database' | 'credentials'>,
  idOrName: string,
): Promise<ApiKey> {
  const key = await database.apiKeys.revoke(idOrName);
  credentials.changed();
  return key;
}
