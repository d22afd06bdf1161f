/** @file Why a metric is undefined: as the evaluator stored it. Results from before it did are read here, and only here. */
import { z } from 'zod';
import { lookUp } from '../names.ts';
import { type MetricName, type Metrics, metricNameSchema } from './metric-values.ts';
import { METRICS } from './metrics.ts';
import { UNDEFINED_WORDS, type UndefinedCode, undefinedCodeSchema } from './undefined-words.ts';

const codesSchema = z.partialRecord(metricNameSchema, undefinedCodeSchema);
/** Of the undefined metrics of one set of test images. */
export type UndefinedCodes = z.infer<typeof codesSchema>;

export const undefinedCodesSchema = z.object({
  categories: z.record(z.string(), codesSchema),
  /** Of the image metrics over all categories together. */
  pooled: codesSchema,
});

/** The reason in a set of test images of which `holds` says what it lacks; undefined where the metric is defined there. */
export function firstUndefinedCode(
  metric: MetricName,
  holds: (code: UndefinedCode) => boolean,
): UndefinedCode | undefined {
  const codes: readonly UndefinedCode[] = METRICS[metric].undefinedWhen;
  return codes.find(holds);
}

/** What an evaluation says about its metrics, as a manifest holds it. */
export interface Evaluated {
  readonly evaluation?:
    | {
        readonly definedOver: Partial<Record<MetricName, number>>;
        readonly undefinedCodes?: z.infer<typeof undefinedCodesSchema> | undefined;
      }
    | undefined;
}

/** Whether the version that made a result knew the metric. Results of 0.1 hold the core ones and no evaluation. */
export function isComputed({ evaluation }: Evaluated, metric: MetricName): boolean {
  return evaluation === undefined
    ? METRICS[metric].core
    : evaluation.definedOver[metric] !== undefined;
}

/** Test images that a metric was asked of: for results that hold no reasons. */
export interface TestImageCounts {
  /** Null: all categories together. */
  readonly category: string | null;
  readonly normal: number;
  readonly anomalous: number;
}

/** Why a metric that is null is so. */
export function undefinedCode(
  result: Evaluated,
  metric: MetricName,
  { category, normal, anomalous }: TestImageCounts,
): UndefinedCode {
  if (!isComputed(result, metric)) return 'not-computed';
  const stored = result.evaluation?.undefinedCodes;
  if (stored !== undefined) {
    const codes = category === null ? stored.pooled : lookUp(stored.categories, category);
    return codes?.[metric] ?? 'not-computed';
  }
  // Made before evaluators said why: all that is left to know are the images.
  const lacks: Partial<Record<UndefinedCode, boolean>> = {
    'no-anomalous-image': anomalous === 0,
    'no-normal-image': normal === 0,
    'no-mask': true,
  };
  return firstUndefinedCode(metric, (code) => lacks[code] === true) ?? 'not-computed';
}

/** Follows `undefined: `. */
export function undefinedReason(
  result: Evaluated,
  metric: MetricName,
  counts: TestImageCounts,
): string {
  return UNDEFINED_WORDS[undefinedCode(result, metric, counts)];
}

/** Why a mean is undefined: the reasons of its categories, or, where no result says, all that there can be. */
export function undefinedMeanReason(metric: MetricName, result?: Evaluated): string {
  if (result !== undefined && !isComputed(result, metric)) return UNDEFINED_WORDS['not-computed'];
  const stored = Object.values(result?.evaluation?.undefinedCodes?.categories ?? {});
  const codes = stored.map((codes) => codes[metric]).filter((code) => code !== undefined);
  if (codes.length === 0) return wordsOf(METRICS[metric].undefinedWhen).join(', or ');
  return wordsOf([...new Set(codes)]).join(', ');
}

function wordsOf(codes: readonly UndefinedCode[]): string[] {
  return codes.map((code) => UNDEFINED_WORDS[code]);
}

/** Number of categories where each metric is defined. */
export function definedOver(
  categories: Readonly<Record<string, Metrics>>,
  metric: MetricName,
): number {
  return Object.values(categories).filter((metrics) => metrics[metric] !== null).length;
}
