/** @file Signing out. */
import { hashOfSecret } from '../access/credentials.ts';
import type { Principal } from '../access/principal.ts';
import { endOf } from '../audit/audit-end.ts';
import type { Origin } from '../audit/audit-log.ts';
import type { Services } from '../context.ts';

export interface SignOut {
  readonly principal: Principal;
  /** What they ask with. */
  readonly token: string;
  readonly origin: Origin;
}

/** @throws what keeps it from being ended, or from being written down: then it still counts */
export async function endSession(
  { database, audit, credentials }: Pick<Services, 'database' | 'audit' | 'credentials'>,
  { principal, token, origin }: SignOut,
): Promise<void> {
  if (principal.kind !== 'user') return;
  await audit.record(
    { principal, origin, action: 'session.end', input: {} },
    async () => {
      if (await database.sessions.end(hashOfSecret(token))) credentials.changed();
    },
    () => endOf(null),
  );
}
