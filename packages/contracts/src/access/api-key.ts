/** @file Keys that programs ask with: each has a name, a role and, if wanted, an end. The secret is shown once. */
import { z } from 'zod';
import { roleSchema } from './role.ts';

/** What every key begins with, so that scanners for leaked secrets find it. */
export const API_KEY_PREFIX = 'plumb_';
/** 256 bits in base64url. */
export const API_KEY_PATTERN = /^plumb_[A-Za-z0-9_-]{43}$/;

/**
 * `PLUMBLINE_API_KEY` as a platform reads it: an admin's key of its own, or null. The command line sends the same variable, so it may hold
 * a key with a role: a platform that is started beside it must not take that for an admin's.
 */
export function platformKeyOf(variable: string | undefined): string | null {
  const key = variable?.trim() ?? '';
  return key === '' || API_KEY_PATTERN.test(key) ? null : key;
}

/** Of a key; histories and the audit log name whoever did something by it. */
export const keyNameSchema = z
  .string()
  .regex(/^[\p{L}\p{N}](?:[\p{L}\p{N} ._@-]{0,62}[\p{L}\p{N}])?$/u, {
    error:
      'Use 1 to 64 letters, digits, spaces, dots, hyphens or underscores; begin and end with a letter or digit.',
  });

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  /** The first characters of the secret: enough to recognize it, useless to guess it. */
  start: z.string(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  /** Null: it never ends by itself. */
  expiresAt: z.iso.datetime().nullable(),
  /** Exact to a minute; null: never used. */
  lastUsedAt: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

export const createApiKeyInput = z.object({
  name: keyNameSchema,
  role: roleSchema,
  /** In the future; the key never ends by itself when absent. */
  expiresAt: z.iso.datetime({ offset: true }).nullable().optional(),
});
export type CreateApiKeyInput = z.infer<typeof createApiKeyInput>;

/** The only answer that has the secret. */
export const createdApiKeySchema = apiKeySchema.extend({ secret: z.string() });
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;

export type ApiKeyState = 'active' | 'expired' | 'revoked';

export function apiKeyState(
  { expiresAt, revokedAt }: Pick<ApiKey, 'expiresAt' | 'revokedAt'>,
  now: number = Date.now(),
): ApiKeyState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= now ? 'expired' : 'active';
}
