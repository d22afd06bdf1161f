/** @file SQL on a test database: for what repositories do not do, and to look at what is really stored. */
import { withConnection } from '../connection.ts';

export function runSql(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Record<string, unknown>[]> {
  return withConnection(url, async (client) => {
    const { rows } = await client.query<Record<string, unknown>>(sql, [...values]);
    return rows;
  });
}
