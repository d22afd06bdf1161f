/** @file Losses of runs: written as they come, read as a curve of few points. */
import {
  bucketStepsFor,
  type KnownLosses,
  type LossCurve,
  type LossPoint,
} from '@plumbline/contracts';
import type { Client } from '../client.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Attempt } from '../jobs/attempt.ts';

/** @returns Points that were written: none when the run is no longer the attempt's. */
export async function addLosses(
  client: Client,
  { id, number }: Attempt,
  points: readonly LossPoint[],
): Promise<number> {
  const [levels, steps, losses] = [
    points.map(({ level }) => level),
    points.map(({ step }) => step),
    points.map(({ loss }) => loss),
  ];
  return client.$executeRaw`
    WITH held AS (
      SELECT id FROM "TrainingRun"
      WHERE id = ${id} AND attempts = ${number} AND status = 'running' FOR SHARE
    )
    INSERT INTO "RunLoss" ("runId", level, step, loss)
    SELECT held.id, points.* FROM held,
      unnest(${levels}::text[], ${steps}::int[], ${losses}::float8[]) AS points
    ON CONFLICT ("runId", level, step) DO UPDATE SET loss = excluded.loss, seq = excluded.seq`;
}

/** The whole curve; where both are known, only its buckets with points that came since. */
export async function lossCurve(
  client: Client,
  runId: string,
  { bucketSteps = 0, cursor = 0 }: KnownLosses = {},
): Promise<LossCurve> {
  const since = { runId, bucketSteps, cursor };
  const news = await newsOf(client, since);
  if (cursor > 0 && bucketStepsFor(news.lastStep) <= bucketSteps) {
    const points = news.cursor === 0 ? [] : await pointsOf(client, since);
    return { bucketSteps, cursor: Math.max(cursor, news.cursor), points };
  }
  const all = cursor === 0 ? news : await newsOf(client, { runId, cursor: 0 });
  const whole = { runId, bucketSteps: bucketStepsFor(all.lastStep), cursor: 0 };
  const points = await pointsOf(client, whole);
  return { bucketSteps: whole.bucketSteps, cursor: all.cursor, points };
}

/** The last point and the largest step of those after the cursor; zeros without any. */
async function newsOf(
  client: Client,
  { runId, cursor }: Omit<Buckets, 'bucketSteps'>,
): Promise<{ cursor: number; lastStep: number }> {
  const [row] = await client.$queryRaw<{ seq: bigint | null; step: number | null }[]>`
    SELECT max(seq) AS seq, max(step) AS step FROM "RunLoss" WHERE "runId" = ${runId} AND seq > ${cursor}`;
  return { cursor: Number(row?.seq ?? 0), lastStep: row?.step ?? 0 };
}

interface Buckets {
  readonly runId: string;
  readonly bucketSteps: number;
  readonly cursor: number;
}

/** Loss and step of the smallest and the largest loss, step and loss of the last; steps of the largest are negative. */
interface BucketRow {
  readonly level: string;
  readonly smallest: readonly [number, number];
  readonly largest: readonly [number, number];
  readonly last: readonly [number, number];
}

const EXTREMES = Prisma.sql`min(ARRAY[loss, step]) AS smallest, max(ARRAY[loss, -step]) AS largest,
  max(ARRAY[step, loss]) AS last`;

async function pointsOf(client: Client, buckets: Buckets): Promise<LossPoint[]> {
  const rows = await (buckets.cursor === 0 ? allOf(client, buckets) : changedOf(client, buckets));
  return rows.flatMap(({ level, smallest, largest, last }) => {
    const steps = new Map([
      [smallest[1], smallest[0]],
      [-largest[1], largest[0]],
      [last[0], last[1]],
    ]);
    return [...steps].sort(([a], [b]) => a - b).map(([step, loss]) => ({ level, step, loss }));
  });
}

function allOf(client: Client, { runId, bucketSteps }: Buckets): Promise<BucketRow[]> {
  return client.$queryRaw<BucketRow[]>`
    SELECT level, step / ${bucketSteps}::int AS bucket, ${EXTREMES} FROM "RunLoss"
    WHERE "runId" = ${runId} GROUP BY 1, 2 ORDER BY 1, 2`;
}

function changedOf(client: Client, { runId, bucketSteps, cursor }: Buckets): Promise<BucketRow[]> {
  return client.$queryRaw<BucketRow[]>`
    SELECT changed.level, of_bucket.* FROM (
      SELECT DISTINCT level, step / ${bucketSteps}::int AS bucket
      FROM "RunLoss" WHERE "runId" = ${runId} AND seq > ${cursor}
    ) changed, LATERAL (
      SELECT ${EXTREMES} FROM "RunLoss" l
      WHERE l."runId" = ${runId} AND l.level = changed.level
        AND l.step >= changed.bucket * ${bucketSteps}::int
        AND l.step < (changed.bucket + 1) * ${bucketSteps}::int
    ) of_bucket
    ORDER BY changed.level, changed.bucket`;
}
