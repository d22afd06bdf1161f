/** @file People who sign in. One admin always stays: the last one can be neither removed nor given another role. */
import { DomainError, type Role, roleSchema, type User } from '@plumbline/contracts';
import { type Client, isUniqueViolation, notFound, type Transaction } from '../client.ts';
import type { User as Row } from '../generated/prisma/client.ts';

export interface NewUser {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  /** Hashed. */
  readonly password: string;
  readonly createdBy: string;
}

export interface Credential {
  readonly user: User;
  /** Hashed. */
  readonly password: string;
}

export class UserRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws DomainError CONFLICT when the address is somebody's */
  async create(user: NewUser): Promise<User> {
    try {
      return toUser(await this.#client.user.create({ data: user }));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new DomainError('CONFLICT', `${user.email} is a user already.`, {
        field: 'email',
        fix: 'Change the role: plumb users set-role <email> <role>',
      });
    }
  }

  /** By their address. */
  async list(): Promise<User[]> {
    const rows = await this.#client.user.findMany({ orderBy: { email: 'asc' } });
    return rows.map(toUser);
  }

  async findCredential(email: string): Promise<Credential | null> {
    const row = await this.#client.user.findUnique({ where: { email } });
    return row === null ? null : { user: toUser(row), password: row.password };
  }

  /** @throws DomainError NOT_FOUND; CONFLICT for the last admin */
  async setRole(email: string, role: Role): Promise<User> {
    return this.#change(email, async (tx, row) => {
      if (role !== 'admin') await requireOtherAdmin(tx, row);
      return toUser(await tx.user.update({ where: { email }, data: { role } }));
    });
  }

  /** Their sessions end. @param password hashed @throws DomainError NOT_FOUND */
  async setPassword(email: string, password: string): Promise<User> {
    return this.#change(email, async (tx, { id }) => {
      await tx.session.deleteMany({ where: { userId: id } });
      return toUser(await tx.user.update({ where: { email }, data: { password } }));
    });
  }

  /** Their sessions end. @throws DomainError NOT_FOUND; CONFLICT for the last admin */
  async remove(email: string): Promise<User> {
    return this.#change(email, async (tx, row) => {
      await requireOtherAdmin(tx, row);
      return toUser(await tx.user.delete({ where: { email } }));
    });
  }

  async hasAdmin(): Promise<boolean> {
    return (await this.#client.user.count({ where: { role: 'admin' } })) > 0;
  }

  /** One at a time: of two admins that remove each other at once, one stays. */
  #change(email: string, change: (tx: Transaction, row: Row) => Promise<User>): Promise<User> {
    return this.#client.$transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE "User" IN SHARE ROW EXCLUSIVE MODE`;
      const row = await tx.user.findUnique({ where: { email } });
      if (row === null) throw notFound('user', email, 'List them: plumb users list');
      return change(tx, row);
    });
  }
}

async function requireOtherAdmin(tx: Transaction, { email, role }: Row): Promise<void> {
  if (role !== 'admin') return;
  if ((await tx.user.count({ where: { role: 'admin', NOT: { email } } })) > 0) return;
  throw new DomainError('CONFLICT', `${email} is the last admin.`, {
    fix: 'Make another admin first: plumb users create --email <email> --role admin',
  });
}

export function toUser({ id, email, role, createdBy, createdAt, signedInAt }: Row): User {
  return {
    id,
    email,
    role: roleSchema.parse(role),
    createdBy,
    createdAt: createdAt.toISOString(),
    signedInAt: signedInAt?.toISOString() ?? null,
  };
}
