/** @file Keys that clients give to what they ask for, so that asking again finds what was made the first time. */
import { DomainError } from '@plumbline/contracts';
import type { Client, Transaction } from '../client.ts';

export interface Claim {
  readonly key: string;
  /** Of the operation and its input. */
  readonly fingerprint: string;
}

interface Known {
  readonly fingerprint: string;
  readonly resource: string;
}

export class IdempotencyRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** The id of what was made by this key. @throws DomainError CONFLICT when that was something else */
  async find(claim: Claim | null): Promise<string | null> {
    if (claim === null) return null;
    const known = await this.#client.idempotencyKey.findUnique({ where: { key: claim.key } });
    return known === null ? null : resourceOf(claim, known);
  }

  /** Forgets older ones. @returns How many there were. */
  async removeBefore(oldest: Date): Promise<number> {
    const { count } = await this.#client.idempotencyKey.deleteMany({
      where: { createdAt: { lt: oldest } },
    });
    return count;
  }
}

/**
 * In the transaction that makes the resource: one of several at once gets the key, and the others wait for it.
 * @returns The id of what was made before by this key; null when the key is this transaction's now.
 * @throws DomainError CONFLICT when that was something else
 */
export async function claimKey(
  tx: Transaction,
  claim: Claim | null,
  resource: string,
): Promise<string | null> {
  if (claim === null) return null;
  const { key, fingerprint } = claim;
  const inserted = await tx.$executeRaw`
    INSERT INTO "IdempotencyKey" (key, fingerprint, resource) VALUES (${key}, ${fingerprint}, ${resource})
    ON CONFLICT DO NOTHING`;
  if (inserted > 0) return null;
  return resourceOf(claim, await tx.idempotencyKey.findUniqueOrThrow({ where: { key } }));
}

function resourceOf({ key, fingerprint }: Claim, known: Known): string {
  if (known.fingerprint === fingerprint) return known.resource;
  throw new DomainError('CONFLICT', `The Idempotency-Key "${key}" was used for something else.`, {
    field: 'idempotency-key',
    fix: 'Use a new key for each thing that you ask for.',
  });
}
