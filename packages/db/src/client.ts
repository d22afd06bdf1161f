/** @file The Prisma client on a pool of `pg`. Nobody outside this package sees either. */
import { DomainError } from '@plumbline/contracts';
import { PrismaPg } from '@prisma/adapter-pg';
import { openPool } from './connection.ts';
import { Prisma, PrismaClient } from './generated/prisma/client.ts';

export type Client = PrismaClient;
export type Transaction = Prisma.TransactionClient;

export function openClient(url: string): Client {
  return new PrismaClient({
    adapter: new PrismaPg(openPool(url, 8), { disposeExternalPool: true }),
    // Training saturates the processors: Prisma's two and five seconds are too few then.
    transactionOptions: { maxWait: 30_000, timeout: 60_000 },
  });
}

/** Prisma's JSON input type for a value that a zod schema has vouched for. */
export function toJson(value: object): Prisma.InputJsonObject {
  return JSON.parse(JSON.stringify(value)) as Prisma.InputJsonObject;
}

/** Whether a write failed because a unique value exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

export function notFound(what: string, name: string, fix: string): DomainError {
  return new DomainError('NOT_FOUND', `There is no ${what} "${name}".`, { fix });
}

/**
 * Queues a job in the transaction that writes what it is about: neither can be there without the other. From within a
 * job of the same key it queues the next one: the one under way loses the key and is not repeated.
 */
export async function addJob(
  tx: Transaction,
  task: 'import' | 'train' | 'results',
  payload: object,
  key: string,
  delayMs = 0,
): Promise<void> {
  await tx.$executeRaw`SELECT graphile_worker.add_job(${task}, payload := ${JSON.stringify(payload)}::json, job_key := ${key}, max_attempts := 25, run_at := now() + ${delayMs / 1000}::float8 * interval '1 second')`;
}

/** Takes a job off the queue that no worker holds. */
export async function removeJob(tx: Transaction, key: string): Promise<void> {
  await tx.$executeRaw`SELECT graphile_worker.remove_job(${key})`;
}
