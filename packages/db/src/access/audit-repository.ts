/** @file The audit log: a row before a change, its outcome after it. */
import {
  type AuditEvent,
  type AuditOutcome,
  type AuditPage,
  auditOutcomeSchema,
  type ListAuditInput,
  type Role,
  roleSchema,
} from '@plumbline/contracts';
import { type Client, toJson } from '../client.ts';
import type { AuditEvent as Row } from '../generated/prisma/client.ts';

export interface AuditEntry {
  readonly actor: string;
  readonly role: Role;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly address: string;
  readonly client: string;
}

export interface AuditEnd {
  readonly outcome: Exclude<AuditOutcome, 'unknown'>;
  readonly message: string | null;
}

/** Removed at once: few enough that nobody waits for the lock. */
const REMOVED_AT_ONCE = 10_000;

export class AuditRepository {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** @returns Its id, for `end`. */
  async begin({ input, ...entry }: AuditEntry): Promise<number> {
    const { id } = await this.#client.auditEvent.create({
      data: { ...entry, input: toJson(input) },
      select: { id: true },
    });
    return Number(id);
  }

  async end(id: number, { outcome, message }: AuditEnd): Promise<void> {
    await this.#client.auditEvent.updateMany({ where: { id }, data: { outcome, message } });
  }

  /** Newest first. */
  async list({ before, limit, actor, action, outcome }: ListAuditInput): Promise<AuditPage> {
    const rows = await this.#client.auditEvent.findMany({
      where: {
        ...(before === undefined ? {} : { id: { lt: before } }),
        ...(actor === undefined ? {} : { actor }),
        ...(action === undefined ? {} : { action }),
        ...(outcome === undefined ? {} : { outcome: outcome === 'unknown' ? null : outcome }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    const events = rows.slice(0, limit).map(toEvent);
    return { events, next: rows.length > limit ? (events.at(-1)?.id ?? null) : null };
  }

  /** Removes those that are older. @returns How many there were. */
  async removeBefore(oldest: Date): Promise<number> {
    for (let removed = 0; ; ) {
      const count = await this.#client.$executeRaw`
        DELETE FROM "AuditEvent" WHERE id IN (
          SELECT id FROM "AuditEvent" WHERE at < ${oldest} ORDER BY at LIMIT ${REMOVED_AT_ONCE})`;
      removed += count;
      if (count < REMOVED_AT_ONCE) return removed;
    }
  }
}

function toEvent({ id, role, input, outcome, at, ...row }: Row): AuditEvent {
  return {
    ...row,
    id: Number(id),
    at: at.toISOString(),
    role: roleSchema.parse(role),
    input: input as Record<string, unknown>,
    outcome: outcome === null ? 'unknown' : auditOutcomeSchema.parse(outcome),
  };
}
