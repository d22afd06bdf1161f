/** @file Uploads that something reads: an import in the queue or under way, a batch for as long as its results are kept. */
import type { Client } from '../client.ts';
import { ACTIVE } from '../jobs/job-rows.ts';

export async function isUploadAwaited(client: Client, uploadId: string): Promise<boolean> {
  const source = { kind: 'upload', uploadId };
  const changing = JSON.stringify({ changes: [{ kind: 'addFiles', source }] });
  const [row] = await client.$queryRaw<{ awaited: boolean }[]>`
    SELECT EXISTS (
      SELECT 1 FROM "DatasetImport" WHERE status = ANY(${ACTIVE}) AND (source ->> 'uploadId' = ${uploadId} OR source @> ${changing}::jsonb)
    ) OR EXISTS (
      SELECT 1 FROM "ResultImport" WHERE status = ANY(${ACTIVE}) AND input -> 'source' ->> 'uploadId' = ${uploadId}
    ) OR EXISTS (
      SELECT 1 FROM "InspectionBatch" WHERE input -> 'source' ->> 'uploadId' = ${uploadId}
    ) AS awaited`;
  return row?.awaited === true;
}
