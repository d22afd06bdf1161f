/** @file What becomes of the imports and messages of a lost trainer: they wait again, uncounted. */
import type { GiveBack } from '../jobs/job-rows.ts';

export function giveBackImports(
  table: 'DatasetImport' | 'ResultImport' | 'SuspectSearch' | 'WebhookDelivery',
): GiveBack {
  return async (client, ids) => {
    await client.query(
      `UPDATE "${table}" SET status = 'queued' WHERE id = ANY($1) AND status = 'running'`,
      [ids],
    );
    return [];
  };
}
