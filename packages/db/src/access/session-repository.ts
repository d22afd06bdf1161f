/** @file Sessions of people who signed in. */
import type { User } from '@plumbline/contracts';
import type { Client } from '../client.ts';
import { toUser } from './user-repository.ts';

export interface NewSession {
  /** SHA-256 of the token, hexadecimal. */
  readonly hash: string;
  readonly userId: string;
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

  async create({ userId, ...session }: NewSession): Promise<void> {
    await this.#client.$transaction([
      this.#client.session.create({ data: { userId, ...session } }),
      this.#client.user.update({ where: { id: userId }, data: { signedInAt: new Date() } }),
    ]);
  }

  async find(hash: string): Promise<KnownSession | null> {
    const row = await this.#client.session.findUnique({ where: { hash }, include: { user: true } });
    return row === null ? null : { user: toUser(row.user), expiresAt: row.expiresAt };
  }

  /** One that has ended already is no failure. */
  async end(hash: string): Promise<void> {
    await this.#client.session.deleteMany({ where: { hash } });
  }

  /** @returns How many there were. */
  async removeExpired(now: Date = new Date()): Promise<number> {
    const { count } = await this.#client.session.deleteMany({ where: { expiresAt: { lt: now } } });
    return count;
  }
}
