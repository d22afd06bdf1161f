/** @file What an evaluation takes and gives. */
import type {
  EvaluationReport,
  Intervals,
  Label,
  MetricName,
  Metrics,
  PooledMetrics,
} from '@plumbline/contracts';
import type { CurvePoints } from '../curves/curve-points.ts';
import type { PixelCurves } from '../metrics/category-pixels.ts';

export interface ScoredImage {
  readonly path: string;
  readonly category: string;
  readonly label: Label;
  /** On the method's own scale, finite. */
  readonly imageScore: number;
  /** f32 `[H·W]`, finite. May be kept as given until its category is evaluated: do not write to it. */
  readonly anomalyMap: Float32Array;
  /** u8 `[H·W]`, non-zero = anomalous; null = no ground truth. A normal image has an all-zero mask implied. */
  readonly mask: Uint8Array | null;
  /** u8 `[H·W]`, non-zero = left out of pixel metrics; none when absent or null. */
  readonly ignored?: Uint8Array | null;
}

/** What is left of an image after its evaluation. */
export type EvaluatedImage = Pick<ScoredImage, 'path' | 'category' | 'label' | 'imageScore'>;

export interface EvaluatorOptions {
  /** The categories of the dataset; an image of another one is refused. Any without. */
  readonly categories?: readonly string[];
  /** Pixels of a category above which a histogram takes the place of exact ranking. Default 2^24. */
  readonly exactPixelBudget?: number;
  /** Bootstrap resamples behind the intervals of image AP and F1-max; 0 for no intervals at all. Default 1000. */
  readonly resamples?: number;
  /** Of the bootstrap. Default 0. */
  readonly seed?: number;
}

/** Null where the curve is undefined, as its metric is. */
export interface EvaluationCurves extends PixelCurves {
  readonly imageRoc: CurvePoints | null;
  readonly imagePr: CurvePoints | null;
}

export interface Evaluation {
  /** Unweighted mean over the categories where the metric is defined. */
  readonly mean: Metrics;
  /** By category, in order of name. */
  readonly categories: Record<string, Metrics>;
  /** Number of categories where each metric is defined. */
  readonly definedOver: Record<MetricName, number>;
  /** Why each metric that is null is so. */
  readonly undefinedCodes: NonNullable<EvaluationReport['undefinedCodes']>;
  /** In the order they were added. */
  readonly images: readonly EvaluatedImage[];
  /** `histogram` as soon as one category has too many pixels to be ranked exactly. */
  readonly pixelMethod: EvaluationReport['pixelMethod'];
  /** By category that was not ranked exactly: how far each metric may be off. */
  readonly pixelErrorBounds: NonNullable<EvaluationReport['pixelErrorBounds']>;
  readonly pooled: PooledMetrics;
  readonly intervals: Intervals;
  readonly curves: {
    readonly categories: Record<string, EvaluationCurves>;
    /** Image curves over all categories; pixels are not pooled. */
    readonly pooled: EvaluationCurves;
  };
}
