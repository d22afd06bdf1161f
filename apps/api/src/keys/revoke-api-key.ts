/** @file Ends a key: here with this call, in other API processes as soon as PostgreSQL has told them. */
import { API_KEY_PATTERN, type ApiKey } from '@plumbline/contracts';
import { hashOfSecret } from '../access/credentials.ts';
import type { Context } from '../context.ts';

/** @param key its id or name, or the secret itself: whoever found one shall be able to end it. @throws DomainError NOT_FOUND */
export async function revokeApiKey(
  { database, credentials }: Pick<Context, 'database' | 'credentials'>,
  key: string,
): Promise<ApiKey> {
  const revoked = await database.apiKeys.revoke(
    API_KEY_PATTERN.test(key) ? hashOfSecret(key) : key,
  );
  credentials.changed();
  return revoked;
}
