/** @file Keys that programs ask with. Secrets are hashed before they come here. */
import { type ApiKey, DomainError, type Role, roleSchema } from '@plumbline/contracts';
import { type Client, isUniqueViolation, notFound } from '../client.ts';
import type { ApiKey as Row } from '../generated/prisma/client.ts';

export interface NewApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the secret, hexadecimal. */
  readonly hash: string;
  readonly start: string;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
}

/** What a request with a key is known by. */
export interface KnownKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: Date | null;
}

const HOUR_MS = 3_600_000;
/** Used again within a minute is not written down. */
const USED_AGAIN_MS = 60_000;
/** Revoked ones are history; nobody needs more of it at once. */
const LISTED = 1_000;

export class ApiKeyRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @throws DomainError CONFLICT when a key of this name is in use */
  async create(key: NewApiKey): Promise<ApiKey> {
    try {
      return toApiKey(await this.#client.apiKey.create({ data: key }));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new DomainError('CONFLICT', `A key named "${key.name}" exists already.`, {
        field: 'name',
        fix: 'Choose another name, or revoke that key first.',
      });
    }
  }

  /** Newest first, revoked and expired ones included. */
  async list(): Promise<ApiKey[]> {
    const rows = await this.#client.apiKey.findMany({
      orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
      take: LISTED,
    });
    return rows.map(toApiKey);
  }

  /** @throws DomainError NOT_FOUND */
  async get(id: string): Promise<ApiKey> {
    const row = await this.#client.apiKey.findUnique({ where: { id } });
    if (row === null) throw noKey(id);
    return toApiKey(row);
  }

  /** Null when there is none that is in use. @param hash SHA-256 of the secret */
  async find(hash: string): Promise<KnownKey | null> {
    const row = await this.#client.apiKey.findUnique({ where: { hash } });
    if (row === null || row.revokedAt !== null) return null;
    const { id, name, role, expiresAt } = row;
    return { id, name, role: roleSchema.parse(role), expiresAt };
  }

  /**
   * By its id, the hash of its secret, or the name of a key that is not revoked. Revoking one again changes nothing.
   * @throws DomainError NOT_FOUND
   */
  async revoke(idOrName: string): Promise<ApiKey> {
    const row =
      (await this.#client.apiKey.findFirst({
        where: { OR: [{ id: idOrName }, { hash: idOrName }] },
      })) ?? (await this.#client.apiKey.findFirst({ where: { name: idOrName, revokedAt: null } }));
    if (row === null) throw noKey(idOrName);
    await this.#client.apiKey.updateMany({
      where: { id: row.id, revokedAt: null },
      data: { revokedAt: new Date() },
    });
    return toApiKey(await this.#client.apiKey.findUniqueOrThrow({ where: { id: row.id } }));
  }

  /** At most one write per minute and key, of however many processes. */
  async markUsed(id: string, now = new Date()): Promise<void> {
    const before = new Date(now.getTime() - USED_AGAIN_MS);
    await this.#client.apiKey.updateMany({
      where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lte: before } }] },
      data: { lastUsedAt: now },
    });
  }

  /** Whether an admin's key is in use and does not end within the hour. */
  async hasAdmin(): Promise<boolean> {
    const soon = new Date(Date.now() + HOUR_MS);
    const where = {
      role: 'admin',
      revokedAt: null,
      OR: [{ expiresAt: null }, { expiresAt: { gt: soon } }],
    };
    return (await this.#client.apiKey.count({ where })) > 0;
  }
}

function noKey(key: string): DomainError {
  return notFound('key', key, 'List the keys: plumb keys list');
}

function toApiKey(row: Row): ApiKey {
  const { id, name, role, start, createdBy, createdAt, expiresAt, lastUsedAt, revokedAt } = row;
  return {
    id,
    name,
    role: roleSchema.parse(role),
    start,
    createdBy,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
