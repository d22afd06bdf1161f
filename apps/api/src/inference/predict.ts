/** @file One inspection: image bytes in, score, threshold and label out. */
import {
  type AnomalousRegion,
  heatmapScale,
  type Prediction,
  scoreRatio,
  type Threshold,
  type ValueRange,
} from '@plumbline/contracts';
import { anomalousRegions, falseAlarmRate } from '@plumbline/eval';
import type { InspectedImage, InspectionResult } from '@plumbline/runtime';
import type { Services } from '../context.ts';
import { chooseCategory, planCategory, thresholdOf } from './choose-category.ts';
import { decodeFor } from './served-model.ts';

export interface PredictInput {
  readonly name: string;
  /** The promoted one when absent. */
  readonly version?: number | undefined;
  /** Its thresholds are used. When absent it is found from the image; `pooled` is one threshold of all. */
  readonly category?: string | undefined;
  /** What is black and white in an image with more than 8 bits; the model's own when absent. */
  readonly range?: ValueRange | undefined;
  readonly heatmap: boolean;
  readonly regions: boolean;
}

/**
 * @param signal aborted when the client has left: then it does not wait for its turn any more
 * @throws DomainError NOT_FOUND, INVALID_INPUT (image or category), TOO_LARGE (pixels), UNAVAILABLE (the inference
 *   process ended)
 */
export function predict(
  context: Services,
  input: PredictInput,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<Prediction> {
  return context.gates.inspections.run(() => inspectImage(context, input, bytes), signal);
}

async function inspectImage(
  context: Services,
  input: PredictInput,
  bytes: Uint8Array,
): Promise<Prediction> {
  const start = performance.now();
  const served = await context.served.get(input.name, input.version ?? 'promoted');
  const plan = planCategory(served, input.category);
  const image = await decodeFor(context, served, bytes, input);
  const inspected = await context.inference.inspect(
    served,
    image,
    input.heatmap || input.regions ? 'map' : 'scores',
  );
  const { imageScore, categoryDescriptor, ...map } = inspected;
  const chosen = await chooseCategory(context.categoryBanks, served, plan, categoryDescriptor);
  const threshold = thresholdOf(served.thresholds.profile, chosen.category);
  const scale = heatmapScale(threshold.pixelThreshold);
  // Before the heatmap, which takes the pixels with it.
  const regions = input.regions ? regionsOf(map, image, threshold.pixelThreshold) : null;
  const heatmap = input.heatmap
    ? await context.pictures.heatmap({ image, ...map, ...scale })
    : null;
  const prediction: Prediction = {
    model: served.version.model,
    modelVersion: served.version.version,
    ...chosen,
    imageScore,
    threshold: threshold.imageThreshold,
    scoreRatio: scoreRatio(imageScore, threshold.imageThreshold),
    thresholdProfile: served.thresholds.version,
    uncertainThreshold: threshold.uncertainThreshold ?? null,
    ...decide(imageScore, threshold),
    falseAlarmRate:
      threshold.heldOutScores.length === 0
        ? null
        : falseAlarmRate(threshold.heldOutScores, imageScore),
    heldOutImages: threshold.heldOutScores.length,
    width: image.width,
    height: image.height,
    regions,
    heatmap: heatmap === null ? null : Buffer.from(heatmap).toString('base64'),
    heatmapScale: scale,
    latencyMs: performance.now() - start,
  };
  recordInspection(context, prediction);
  return prediction;
}

/** Only the numbers: images and heatmaps of inspections are not kept. */
function recordInspection({ inspections }: Services, prediction: Prediction): void {
  const { model, modelVersion, category, imageScore, latencyMs } = prediction;
  const { threshold, thresholdProfile, predictedLabel, uncertain } = prediction;
  inspections.add({
    at: new Date(),
    model,
    modelVersion,
    category,
    imageScore,
    threshold,
    thresholdProfile,
    predictedLabel,
    uncertain,
    latencyMs,
  });
}

type MapOfImage = Pick<InspectionResult, 'anomalyMap' | 'mapHeight' | 'mapWidth'>;

function regionsOf(
  { anomalyMap, mapHeight, mapWidth }: MapOfImage,
  { width, height }: InspectedImage,
  threshold: number,
): AnomalousRegion[] {
  const map = { width: mapWidth, height: mapHeight };
  return anomalousRegions(anomalyMap, { map, image: { width, height }, threshold });
}

function decide(
  imageScore: number,
  { imageThreshold, uncertainThreshold }: Threshold,
): Pick<Prediction, 'predictedLabel' | 'uncertain'> {
  if (imageScore >= imageThreshold) return { predictedLabel: 'anomalous', uncertain: false };
  const uncertain = uncertainThreshold !== undefined && imageScore >= uncertainThreshold;
  return { predictedLabel: 'normal', uncertain };
}
