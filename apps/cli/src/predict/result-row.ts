/** @file One image's line in the results of `plumb predict --out`. */
import type { ErrorBody, Prediction } from '@plumbline/contracts';

export type ImageResult = {
  /** As `FoundImage` names it. */
  readonly image: string;
  /** Of its heatmap; null when none was asked for. */
  readonly heatmap: string | null;
} & (
  | { readonly prediction: Omit<Prediction, 'heatmap' | 'mask'>; readonly error: null }
  | { readonly prediction: null; readonly error: ErrorBody }
);

export const COLUMNS = [
  'image',
  'model',
  'modelVersion',
  'predictedLabel',
  'uncertain',
  'category',
  'categorySource',
  'categoryConfidence',
  'categoryUncertain',
  'imageScore',
  'threshold',
  'scoreRatio',
  'thresholdProfile',
  'width',
  'height',
  'regions',
  'regionX',
  'regionY',
  'regionWidth',
  'regionHeight',
  'heatmap',
  'error',
] as const;

/** The cells of a CSV row, in the order of `COLUMNS`; `region…` is the box of the strongest region. */
export function toCells(result: ImageResult): (string | number | null)[] {
  const { image, heatmap, prediction, error } = result;
  const box = prediction?.regions?.[0]?.box;
  const cells: Record<(typeof COLUMNS)[number], string | number | boolean | null | undefined> = {
    image,
    model: prediction?.model,
    modelVersion: prediction?.modelVersion,
    predictedLabel: prediction?.predictedLabel,
    uncertain: prediction?.uncertain,
    category: prediction?.category,
    categorySource: prediction?.categorySource,
    categoryConfidence: prediction?.categoryConfidence,
    categoryUncertain: prediction?.categoryUncertain,
    imageScore: prediction?.imageScore,
    threshold: prediction?.threshold,
    scoreRatio: prediction?.scoreRatio,
    thresholdProfile: prediction?.thresholdProfile,
    width: prediction?.width,
    height: prediction?.height,
    regions: prediction?.regions?.length,
    regionX: box?.x,
    regionY: box?.y,
    regionWidth: box?.width,
    regionHeight: box?.height,
    heatmap,
    error: error === null ? null : `${error.message} ${error.fix ?? ''}`.trim(),
  };
  return COLUMNS.map((column) => {
    const cell = cells[column];
    return typeof cell === 'boolean' ? String(cell) : (cell ?? null);
  });
}

/** What of each line is looked at when it is read back. */
export interface WrittenRow {
  readonly image: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly predictedLabel: string;
  readonly uncertain: boolean;
}
