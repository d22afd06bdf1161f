/** @file Signing in: a token of 256 random bits for an email address and its password. */
import { randomBytes } from 'node:crypto';
import { DomainError, SESSION_PREFIX, type StartedSession } from '@plumbline/contracts';
import type { AuditEnd, Credential } from '@plumbline/db';
import { hashOfSecret } from '../access/credentials.ts';
import type { Origin } from '../audit/audit-log.ts';
import type { Services } from '../context.ts';
import { isPassword } from '../users/passwords.ts';

/** A week, 7 × 24 × 3600 × 1000 ms. */
const SESSION_MS = 604_800_000;
const DONE: AuditEnd = { outcome: 'done', message: null };
const WRONG: AuditEnd = { outcome: 'failed', message: 'The address or the password is wrong.' };

export interface SignIn {
  readonly email: string;
  readonly password: string;
  readonly origin: Origin;
}

/** @throws DomainError UNAUTHORIZED, the same for an unknown address as for a wrong password */
export async function startSession(
  { database, audit, guessBrake }: Pick<Services, 'database' | 'audit' | 'guessBrake'>,
  { email, password, origin }: SignIn,
): Promise<StartedSession> {
  const name = email.trim().toLowerCase();
  const session = await guessBrake.attempt({ name, address: origin.address }, async () => {
    const found = await database.users.findCredential(name);
    const { id, role } = found?.user ?? { id: 'nobody', role: 'viewer' };
    const principal = { kind: 'user', name, role, id } as const;
    const change = { principal, origin, action: 'session.start', input: {} };
    const work = () => check(database, password, found);
    return audit.record(change, work, (begun) => (begun === null ? WRONG : DONE));
  });
  if (session !== null) return session;
  throw new DomainError('UNAUTHORIZED', 'The email address or the password is wrong.', {
    fix: 'Check both. An admin can set another password: plumb users set-password <email>',
  });
}

/** Null for a wrong password, nobody's address, and a password that has been replaced meanwhile. */
async function check(
  database: Services['database'],
  password: string,
  found: Credential | null,
): Promise<StartedSession | null> {
  const isRight = await isPassword(password, found?.password ?? null);
  if (!isRight || found === null) return null;
  const { user } = found;
  const token = `${SESSION_PREFIX}${randomBytes(32).toString('base64url')}`;
  const expiresAt = new Date(Date.now() + SESSION_MS);
  const isBegun = await database.sessions.create({
    ...{ hash: hashOfSecret(token), userId: user.id, password: found.password, expiresAt },
  });
  return isBegun ? { token, expiresAt: expiresAt.toISOString(), user } : null;
}
