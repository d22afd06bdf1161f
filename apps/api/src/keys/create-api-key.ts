/** @file Makes an API key: 256 random bits, of which only the hash is kept. */
import { randomBytes, randomUUID } from 'node:crypto';
import {
  API_KEY_PREFIX,
  type CreateApiKeyInput,
  type CreatedApiKey,
  DomainError,
} from '@plumbline/contracts';
import { hashOfSecret } from '../access/credentials.ts';
import type { Context } from '../context.ts';

/** Shown in lists: the prefix and 24 of the 256 bits. */
const START = API_KEY_PREFIX.length + 4;

/** @throws DomainError CONFLICT when the name is in use; INVALID_INPUT for an end in the past */
export async function createApiKey(
  { database, principal }: Pick<Context, 'database' | 'principal'>,
  { name, role, expiresAt = null }: CreateApiKeyInput,
): Promise<CreatedApiKey> {
  const end = expiresAt === null ? null : new Date(expiresAt);
  if (end !== null && end.getTime() <= Date.now()) {
    throw new DomainError('INVALID_INPUT', `The key would have expired at ${end.toISOString()}.`, {
      field: 'expiresAt',
      fix: 'Choose a time in the future, or leave it out.',
    });
  }
  const secret = `${API_KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
  const key = await database.apiKeys.create({
    id: randomUUID(),
    name,
    role,
    hash: hashOfSecret(secret),
    start: secret.slice(0, START),
    createdBy: principal.name,
    expiresAt: end,
  });
  return { ...key, secret };
}
