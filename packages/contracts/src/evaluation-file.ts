/** @file `evaluation.json` of a bundle: the curves and histograms behind the metrics. Bundles of 0.1 have none. */
import { z } from 'zod';
import { sha256Schema } from './names.ts';

/** A curve is thinned to at most so many points. */
export const MAX_CURVE_POINTS = 200;

const share = z.number().min(0).max(1);

/** Points of equal index belong together. */
export const curvePointsSchema = z.object({ x: z.array(share), y: z.array(share) });
export type CurvePoints = z.infer<typeof curvePointsSchema>;

/** Image scores in bins of equal width over `[low, high]`, the last one closed. */
export const scoreHistogramSchema = z.object({
  low: z.number(),
  high: z.number(),
  normal: z.array(z.number().int()),
  anomalous: z.array(z.number().int()),
});
export type ScoreHistogram = z.infer<typeof scoreHistogramSchema>;

/** Null where the curve is undefined, as its metric is. */
export const curvesSchema = z.object({
  /** x = false positive rate, y = true positive rate. */
  imageRoc: curvePointsSchema.nullable(),
  /** x = recall, y = precision. */
  imagePr: curvePointsSchema.nullable(),
  pixelRoc: curvePointsSchema.nullable(),
  pixelPr: curvePointsSchema.nullable(),
  /** x = false positive rate over normal pixels, y = mean overlap of the regions; to a rate of 1. */
  pro: curvePointsSchema.nullable(),
});
export type Curves = z.infer<typeof curvesSchema>;

const evaluatedSetSchema = z.object({
  normal: z.number().int(),
  anomalous: z.number().int(),
  /** Anomalous images with a mask. */
  masks: z.number().int(),
  /** Test images of each defect type. */
  defectTypes: z.record(z.string(), z.number().int()),
  curves: curvesSchema,
  /** Null without test images. */
  imageScores: scoreHistogramSchema.nullable(),
});
export type EvaluatedSet = z.infer<typeof evaluatedSetSchema>;

const worstImageSchema = z.object({
  path: z.string(),
  sha256: sha256Schema,
  imageScore: z.number(),
  /** Share of the category's test images of the other label that score on the wrong side of this one; ties one half. */
  confusedWith: share,
});
export type WorstImage = z.infer<typeof worstImageSchema>;

/** Each has its heatmap in the bundle: `heatmap-<sha256>.png`. */
export const worstImagesSchema = z.object({
  /** Ends of the heatmaps' color scale: the lowest and highest pixel of all maps of the test split. */
  scale: z.object({ low: z.number(), high: z.number() }),
  misses: z.array(worstImageSchema),
  falseAlarms: z.array(worstImageSchema),
});
export type WorstImages = z.infer<typeof worstImagesSchema>;

export const evaluationFileSchema = z.object({
  formatVersion: z.literal(1),
  categories: z.record(z.string(), evaluatedSetSchema),
  /** All test images of all categories ranked together. */
  pooled: evaluatedSetSchema,
  /** Of imported results only: where there is a graph, it draws heatmaps when they are asked for. */
  worst: worstImagesSchema.optional(),
});
export type EvaluationFile = z.infer<typeof evaluationFileSchema>;
