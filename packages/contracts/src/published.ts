/** @file Results that others published, each number with its source. Shown beside ours, never ranked with them. */
import { z } from 'zod';
import { metricNameSchema } from './metrics/metric-values.ts';
import { protocolSchema } from './protocol.ts';

/** Only the metrics that the source gives, in [0, 1]. */
const givenMetrics = z.partialRecord(metricNameSchema, z.number().min(0).max(1));

export const comparabilitySchema = z.object({
  metrics: z.array(metricNameSchema),
  verdict: z.enum(['close', 'with care', 'not', 'unknown']),
  /** What is alike or different against Plumbline's protocol at 256 px. */
  why: z.string(),
});
export type Comparability = z.infer<typeof comparabilitySchema>;

export const publishedSourceSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Where the numbers were read: raw log, README, abstract or issue, with repository and commit where known. */
  reference: z.string(),
  /** Null where the source does not state it. */
  protocol: protocolSchema.nullable(),
  remarks: z.array(z.string()),
  comparability: z.array(comparabilitySchema),
});
export type PublishedSource = z.infer<typeof publishedSourceSchema>;

export const publishedRowSchema = z.object({
  method: z.string(),
  /** Training length, backbone or input size, as the source has it; empty where it says nothing. */
  variant: z.string(),
  source: z.string(),
  mean: givenMetrics,
  /** Empty where the source gives means alone. */
  categories: z.record(z.string(), givenMetrics),
});
export type PublishedRow = z.infer<typeof publishedRowSchema>;

export const publishedBoardSchema = z.object({
  /** `mvtec-ad`. */
  standard: z.string(),
  title: z.string(),
  categories: z.array(z.string()),
  rows: z.array(publishedRowSchema),
  sources: z.array(publishedSourceSchema),
});
export type PublishedBoard = z.infer<typeof publishedBoardSchema>;
