/** @file One inspection: image bytes in, score, threshold and label out. */
import { randomUUID } from 'node:crypto';
import {
  type AnomalousRegion,
  falseAlarms,
  heatmapScale,
  type Prediction,
  polygonsOf,
  type ValueRange,
  type VersionSelector,
} from '@plumbline/contracts';
import { anomalousRegions } from '@plumbline/eval';
import type { InspectedImage, InspectionResult } from '@plumbline/runtime';
import type { Services } from '../context.ts';
import type { ImageReading } from './image-range.ts';
import {
  type Inspected,
  type InspectionRequest,
  inspectImage,
  recordInspection,
  verdictOf,
} from './inspect-image.ts';
import { decodeFor } from './served-model.ts';

export interface PredictInput {
  readonly name: string;
  readonly selector: VersionSelector;
  /** Its thresholds are used. When absent it is found from the image; `pooled` is one threshold of all. */
  readonly category?: string | undefined;
  /** What is black and white in an image with more than 8 bits; the model's own when absent. */
  readonly range?: ValueRange | undefined;
  readonly heatmap: boolean;
  readonly regions: boolean;
  readonly mask: boolean;
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
  const arrivedAt = performance.now();
  return context.gates.inspections.run(
    () => answerFor(context, { ...input, arrivedAt }, bytes),
    signal,
  );
}

async function answerFor(
  context: Services,
  input: JudgeInput,
  bytes: Uint8Array,
): Promise<Prediction> {
  const { judgment, served, image } = await judgeImage(context, input, bytes);
  const { look, file } = image;
  const inspection = randomUUID();
  const prediction: Prediction = { inspection, ...judgment };
  recordInspection(context, served, prediction, {
    ...{ inspection, look, latencyMs: judgment.latencyMs },
    image: file && { file, reading: readingOf(input) },
  });
  return prediction;
}

export interface JudgeInput
  extends PredictInput,
    Pick<InspectionRequest, 'arrivedAt' | 'thresholds'> {}

interface Judged extends Pick<Inspected, 'served' | 'image'> {
  readonly judgment: Omit<Prediction, 'inspection'>;
}

/** All of a prediction but the record of it, once it has its turn. @throws DomainError as `predict` */
export async function judgeImage(
  context: Services,
  input: JudgeInput,
  bytes: Uint8Array,
): Promise<Judged> {
  const start = performance.now();
  const { served, image, result, chosen, threshold } = await inspectImage(context, {
    ...input,
    readImage: (model) => decodeFor(context, model, bytes, input),
    wanted: input.heatmap || input.regions || input.mask ? 'map' : 'scores',
    keepsPixels: input.heatmap,
  });
  const { imageScore, categoryDescriptor: _, ...map } = result;
  const { width, height } = image;
  const inspectedAt = performance.now();
  const scale = heatmapScale(threshold.pixelThreshold);
  // Before the heatmap, which takes the pixels with it.
  const regions = input.regions ? regionsOf(map, image, threshold.pixelThreshold) : null;
  const at = { width, height, threshold: threshold.pixelThreshold };
  const mask = input.mask ? (await context.pictures.mask({ ...map, ...at })).png : null;
  const heatmap = input.heatmap
    ? await context.pictures.heatmap({ image, ...map, ...scale })
    : null;
  const judgment: Omit<Prediction, 'inspection'> = {
    ...verdictOf({ served, chosen, threshold, imageScore }),
    ...falseAlarms(threshold, imageScore),
    ...{ width, height, regions },
    heatmap: base64(heatmap),
    mask: base64(mask),
    heatmapScale: scale,
    ignored: [...polygonsOf(served.version.manifest.ignore, chosen.category)],
    latencyMs: performance.now() - start,
  };
  context.metrics.inspections.observe('encode', performance.now() - inspectedAt);
  return { judgment, served, image };
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64');
}

function readingOf({ range }: PredictInput): ImageReading {
  return range === undefined ? {} : { range };
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
