/** @file Signing in: a token of 256 random bits for an email address and its password. */
import { randomBytes } from 'node:crypto';
import { DomainError, SESSION_PREFIX, type StartedSession, type User } from '@plumbline/contracts';
import { hashOfSecret } from '../access/credentials.ts';
import type { Origin } from '../audit/audit-log.ts';
import type { Services } from '../context.ts';
import { isPassword } from '../users/passwords.ts';
import type { GuessBrake } from './guess-brake.ts';

/** A week, 7 × 24 × 3600 × 1000 ms. */
const SESSION_MS = 604_800_000;

export interface SignIn {
  readonly email: string;
  readonly password: string;
  readonly origin: Origin;
}

/** @throws DomainError UNAUTHORIZED, the same for an unknown address as for a wrong password */
export async function startSession(
  { database, audit }: Pick<Services, 'database' | 'audit'>,
  { email, password, origin }: SignIn,
  brake: GuessBrake,
): Promise<StartedSession> {
  const name = email.trim().toLowerCase();
  const found = await database.users.findCredential(name);
  const start = () =>
    brake.attempt(name, async () => {
      if (!(await isPassword(password, found?.password ?? null)) || found === null) return null;
      return begin(database, found.user);
    });
  const required = async () => {
    const session = await start();
    if (session !== null) return session;
    throw new DomainError('UNAUTHORIZED', 'The email address or the password is wrong.', {
      fix: 'Check both. An admin can set another password: plumb users set-password <email>',
    });
  };
  if (found === null) return required();
  const { id, role } = found.user;
  const principal = { kind: 'user', name, role, id } as const;
  const change = { principal, origin, action: 'session.start', input: {} };
  return audit.record(change, required, () => ({ outcome: 'done', message: null }));
}

async function begin(database: Services['database'], user: User): Promise<StartedSession> {
  const token = `${SESSION_PREFIX}${randomBytes(32).toString('base64url')}`;
  const expiresAt = new Date(Date.now() + SESSION_MS);
  await database.sessions.create({ hash: hashOfSecret(token), userId: user.id, expiresAt });
  return { token, expiresAt: expiresAt.toISOString(), user };
}
