/** @file What stands in the queue: the id of the row that a job is about, under a name of the kind's own. */
import { z } from 'zod';
import type { Transaction } from '../client.ts';

export interface JobPayload<Kind extends string = string> {
  readonly kind: Kind;
  /** Between the stored payload and the id. */
  readonly schema: z.ZodType<string, Record<string, string>>;
}

/** The names under `field` are those of jobs that wait in databases out there. */
export function jobPayload<Kind extends string>(kind: Kind, field: string): JobPayload<Kind> {
  const stored = z.record(z.string(), z.string());
  const schema = z.codec(stored, z.string(), {
    decode: (payload, context) => {
      const id = payload[field];
      if (id !== undefined) return id;
      context.issues.push({ code: 'custom', message: `No ${field}`, input: payload });
      return z.NEVER;
    },
    encode: (id) => ({ [field]: id }),
  });
  return { kind, schema };
}

/**
 * Queues a job in the transaction that writes the row it is about: neither can be there without the other. From within
 * a job of the same row it queues the next one: the one under way loses its key, the id, and is not repeated.
 */
export async function addJob(
  tx: Transaction,
  { kind, schema }: JobPayload,
  id: string,
  delayMs = 0,
): Promise<void> {
  const payload = JSON.stringify(schema.encode(id));
  await tx.$executeRaw`SELECT graphile_worker.add_job(${kind}, payload := ${payload}::json, job_key := ${id}, max_attempts := 25, run_at := now() + ${delayMs / 1000}::float8 * interval '1 second')`;
}

/** Takes a job off the queue that no worker holds. */
export async function removeJob(tx: Transaction, id: string): Promise<void> {
  await tx.$executeRaw`SELECT graphile_worker.remove_job(${id})`;
}
