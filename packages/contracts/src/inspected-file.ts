/** @file One image's line in the results of many: of `plumb predict --out` and of a batch. */
import type { ErrorBody } from './errors.ts';
import type { Prediction } from './prediction.ts';

export type InspectedFile = {
  readonly image: string;
  /** Where its heatmap is; null when there is none. */
  readonly heatmap: string | null;
} & (
  | {
      readonly prediction: Omit<Prediction, 'heatmap' | 'mask' | 'inspection'>;
      readonly error: null;
    }
  | { readonly prediction: null; readonly error: ErrorBody }
);

export const RESULT_COLUMNS = [
  'image',
  'model',
  'modelVersion',
  'predictedLabel',
  'uncertain',
  'category',
  'categorySource',
  'categoryConfidence',
  'categoryUncertain',
  'unfamiliar',
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

/** The cells of a CSV row, in the order of `RESULT_COLUMNS`; `region…` is the box of the strongest region. */
export function toResultCells(result: InspectedFile): (string | number | null)[] {
  const { image, heatmap, prediction, error } = result;
  const box = prediction?.regions?.[0]?.box;
  const cells: Record<
    (typeof RESULT_COLUMNS)[number],
    string | number | boolean | null | undefined
  > = {
    image,
    model: prediction?.model,
    modelVersion: prediction?.modelVersion,
    predictedLabel: prediction?.predictedLabel,
    uncertain: prediction?.uncertain,
    category: prediction?.category,
    categorySource: prediction?.categorySource,
    categoryConfidence: prediction?.categoryConfidence,
    categoryUncertain: prediction?.categoryUncertain,
    unfamiliar: prediction?.unfamiliar,
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
  return RESULT_COLUMNS.map((column) => {
    const cell = cells[column];
    return typeof cell === 'boolean' ? String(cell) : (cell ?? null);
  });
}

/** The line of JSON, without its line break. */
export function toResultLine({ image, heatmap, prediction, error }: InspectedFile): string {
  return JSON.stringify({ image, ...prediction, heatmap, error });
}
