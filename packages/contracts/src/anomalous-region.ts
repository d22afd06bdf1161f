/** @file A connected part of an image where its anomaly map reaches the pixel threshold: what a defect's place is told by. */
import { z } from 'zod';

/** Pixels of the image as it was sent, turned as its EXIF data says; the origin is its top left corner. */
export const regionBoxSchema = z.object({
  x: z.number().int().nonnegative(),
  y: z.number().int().nonnegative(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});

export const anomalousRegionSchema = z.object({
  /** The smallest box around it. */
  box: regionBoxSchema,
  /** Pixels of the image that it covers. */
  area: z.number().positive(),
  /** Where the anomaly map is highest in it, pixels of the image. */
  peak: z.object({ x: z.number().int().nonnegative(), y: z.number().int().nonnegative() }),
  /** The anomaly map there, on the method's own scale; at least the pixel threshold. */
  score: z.number(),
});
export type AnomalousRegion = z.infer<typeof anomalousRegionSchema>;

/** Those of the highest scores; an image with more has no defect but another kind of surface. */
export const MAX_REGIONS = 100;
