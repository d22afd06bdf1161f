/** @file Holds the run or import that something is made of until the transaction that stores it ends. */
import type { Transaction } from '../client.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import { type Attempt, SupersededError } from './attempt.ts';

/**
 * @param table Its name, quoted.
 * @returns `running`, or `succeeded` when the attempt has stored it already and only the answer was lost.
 * @throws SupersededError
 */
export async function lockOrigin(
  tx: Transaction,
  table: Prisma.Sql,
  attempt: Attempt,
): Promise<string> {
  const { id, number } = attempt;
  const [row] = await tx.$queryRaw<{ status: string }[]>`
    SELECT status FROM ${table}
    WHERE id = ${id} AND attempts = ${number} AND status IN ('running', 'succeeded') FOR UPDATE`;
  if (row === undefined) throw new SupersededError(attempt);
  return row.status;
}
