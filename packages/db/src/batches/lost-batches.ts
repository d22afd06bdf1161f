/** @file What becomes of the batches of a lost process: they go on, unless each process that takes them is lost. */
import type { GiveBack } from '../jobs/job-rows.ts';

/** Processes in a row that may be lost with a batch before any of its images is done: an image may be what ends them. */
const MOST_LOSSES = 4;

const ERROR = {
  code: 'DEFECT',
  message: `The API ended ${MOST_LOSSES} times in a row while it inspected this batch, without finishing an image.`,
  fix: 'See logs/platform.log in the home folder: an image may be what ends it. Take it out of the batch and start again.',
  file: null,
  field: null,
};

export const giveBackBatches: GiveBack = async (client, ids) => {
  const { rows } = await client.query<{ id: string }>(
    `UPDATE "InspectionBatch" SET status = 'failed', error = $3, "finishedAt" = now(), "etaSeconds" = NULL
     WHERE id = ANY($1) AND status = 'running' AND losses + 1 >= $2 RETURNING id`,
    [ids, MOST_LOSSES, JSON.stringify(ERROR)],
  );
  await client.query(
    `UPDATE "InspectionBatch" SET status = 'queued', losses = losses + 1, "etaSeconds" = NULL
     WHERE id = ANY($1) AND status = 'running'`,
    [ids],
  );
  return rows.map(({ id }) => id);
};
