/** @file Sessions of people who signed in. */
import type { User } from '@plumbline/contracts';
import type { Client } from '../client.ts';
import { toUser } from './user-repository.ts';

export interface NewSession {
  /** SHA-256 of the token, hexadecimal. */
  readonly hash: string;
  readonly userId: string;
  /** Hashed: the one that was found to be right. */
  readonly password: string;
  readonly expiresAt: Date;
}

/** What a request with a session is known by. */
export interface KnownSession {
  readonly user: User;
  readonly expiresAt: Date;
}

export class SessionRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @returns false, and nothing is made, when the person is gone or has another password by now. */
  async create({ userId, password, ...session }: NewSession): Promise<boolean> {
    return this.#client.$transaction(async (tx) => {
      const { count } = await tx.user.updateMany({
        where: { id: userId, password },
        data: { signedInAt: new Date() },
      });
      if (count > 0) await tx.session.create({ data: { userId, ...session } });
      return count > 0;
    });
  }

  async find(hash: string): Promise<KnownSession | null> {
    const row = await this.#client.session.findUnique({ where: { hash }, include: { user: true } });
    return row === null ? null : { user: toUser(row.user), expiresAt: row.expiresAt };
  }

  /** @returns Whether there was one: one that has ended already is no failure. */
  async end(hash: string): Promise<boolean> {
    const { count } = await this.#client.session.deleteMany({ where: { hash } });
    return count > 0;
  }

  /** @returns How many there were. */
  async removeExpired(now: Date = new Date()): Promise<number> {
    const { count } = await this.#client.session.deleteMany({ where: { expiresAt: { lt: now } } });
    return count;
  }
}
