/** @file The roles of people and keys. Each may do what those before it may. */
import { z } from 'zod';

/** From least to most. */
export const ROLES = ['viewer', 'operator', 'engineer', 'admin'] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** What each role adds to the one before. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'reads everything except keys, users and the audit log',
  operator: 'also inspects images',
  engineer: 'also imports, trains, promotes, sets thresholds and deletes',
  admin: 'also manages keys and users, and reads the audit log',
};

export function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}

/** `an engineer`, `a viewer`. */
export function withArticle(role: Role): string {
  return `${/^[aeo]/.test(role) ? 'an' : 'a'} ${role}`;
}

/** Whoever asks, as the API sees them. */
export const callerSchema = z.object({
  kind: z.enum(['loopback', 'environment', 'key', 'user']),
  name: z.string(),
  role: roleSchema,
});
export type Caller = z.infer<typeof callerSchema>;
