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

/** Whether what a write or a read relied on was deleted meanwhile: a foreign key, or a row that had to be there. */
export function isGone(error: unknown): boolean {
  return (
    error instanceof Prisma.PrismaClientKnownRequestError &&
    (error.code === 'P2003' || error.code === 'P2025')
  );
}

export function notFound(what: string, name: string, fix: string): DomainError {
  return new DomainError('NOT_FOUND', `There is no ${what} "${name}".`, { fix });
}
