/** @file Losses of a run as they are asked for: few points however long it trains, and only what is new. */
import { z } from 'zod';

export const lossPointSchema = z.object({
  level: z.string(),
  step: z.number().int(),
  loss: z.number(),
});
export type LossPoint = z.infer<typeof lossPointSchema>;

/** Buckets per level; each gives at most three points, so that a level has fewer than 2,000. */
export const MAX_LOSS_BUCKETS = 600;

export const lossCurveSchema = z.object({
  /** Steps per bucket, a power of two: of each bucket the smallest, the largest and the last loss. */
  bucketSteps: z.number().int().min(1),
  /** Give it back as `after` to be told only of buckets that have changed. */
  cursor: z.number().int().min(0),
  /** By level and step. */
  points: z.array(lossPointSchema),
});
export type LossCurve = z.infer<typeof lossCurveSchema>;

/** What is known already, to be told only of what is new. */
export const knownLossesSchema = lossCurveSchema
  .pick({ bucketSteps: true, cursor: true })
  .partial();
export type KnownLosses = z.infer<typeof knownLossesSchema>;

/** The fewest steps per bucket, a power of two, with which `lastStep` stays below the limit of buckets. */
export function bucketStepsFor(lastStep: number): number {
  let steps = 1;
  while (Math.floor(lastStep / steps) >= MAX_LOSS_BUCKETS) steps *= 2;
  return steps;
}

/** A curve with what came after it: whole buckets are replaced, and all of them where they have grown. */
export function extendLossCurve(known: LossCurve, update: LossCurve): LossCurve {
  if (update.bucketSteps !== known.bucketSteps) return update;
  if (update.points.length === 0) return { ...known, cursor: update.cursor };
  const bucketOf = ({ level, step }: LossPoint) =>
    `${Math.floor(step / known.bucketSteps)} ${level}`;
  const replaced = new Set(update.points.map(bucketOf));
  const kept = known.points.filter((point) => !replaced.has(bucketOf(point)));
  return { ...update, points: [...kept, ...update.points] };
}
