/** @file People: they sign in to the dashboard with email and password, and have a role as keys do. */
import { z } from 'zod';
import { roleSchema } from './role.ts';

/** What every session token begins with. */
export const SESSION_PREFIX = 'plumbs_';
/** 256 bits in base64url. */
export const SESSION_PATTERN = /^plumbs_[A-Za-z0-9_-]{43}$/;

/** Compared in lower case. */
export const emailSchema = z
  .email({ error: 'Use an email address, such as you@example.com.' })
  .max(200)
  .transform((email) => email.toLowerCase());

/** Length is what counts; a passphrase of some words is one. */
export const passwordSchema = z
  .string()
  .min(12, { error: 'Use at least 12 characters.' })
  .max(200, { error: 'Use at most 200 characters.' });

export const userSchema = z.object({
  id: z.string(),
  email: z.string(),
  role: roleSchema,
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  /** Null: never. */
  signedInAt: z.iso.datetime().nullable(),
});
export type User = z.infer<typeof userSchema>;

export const createUserInput = z.object({
  email: emailSchema,
  role: roleSchema,
  password: passwordSchema,
});
export type CreateUserInput = z.infer<typeof createUserInput>;

export const setUserRoleInput = z.object({ email: emailSchema, role: roleSchema });
export const setUserPasswordInput = z.object({ email: emailSchema, password: passwordSchema });
export const userInput = z.object({ email: emailSchema });

/** Whatever is wrong with them is told to nobody but as a refusal. */
export const signInInput = z.object({
  email: z.string().max(200),
  password: z.string().max(200),
});

/** The only answer that has the token. */
export const startedSessionSchema = z.object({
  token: z.string(),
  expiresAt: z.iso.datetime(),
  user: userSchema,
});
export type StartedSession = z.infer<typeof startedSessionSchema>;
