/** @file Leaves a search for suspects to a trainer. */
import type { StartSuspectSearch, SuspectSearch } from '@plumbline/contracts';
import type { Context } from '../context.ts';
import { claimOf } from '../idempotency/claim-of.ts';

/** @throws DomainError NOT_FOUND; CONFLICT while the version is being looked through */
export async function startSuspectSearch(
  context: Context,
  input: StartSuspectSearch,
): Promise<SuspectSearch> {
  const { database } = context;
  const claim = claimOf(context, 'suspects.start', input);
  const before = await database.idempotency.find(claim);
  if (before !== null) return database.suspects.get(before);
  return database.suspects.create(input, claim);
}
