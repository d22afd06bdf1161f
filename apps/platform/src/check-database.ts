/** @file Whether the platform's database can be reached. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlatformHome } from '@plumbline/contracts';
import { databaseAnswers } from '@plumbline/db';
import { externalDatabaseUrl } from './env.ts';
import { findPlatform } from './platform-record.ts';

export interface DatabaseCheck {
  readonly kind: 'embedded' | 'external';
  /** Null: nothing runs that could be asked; it starts with the platform. */
  readonly reachable: boolean | null;
  /** Whether the embedded one has been made already. */
  readonly exists: boolean;
}

export async function checkDatabase(home: PlatformHome): Promise<DatabaseCheck> {
  const external = externalDatabaseUrl();
  const record = await findPlatform(home);
  const url = record?.databaseUrl ?? external;
  const exists = await access(join(home.database, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  return {
    kind: external === null ? 'embedded' : 'external',
    reachable: url === null ? null : await databaseAnswers(url),
    exists,
  };
}
