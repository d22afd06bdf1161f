/** @file One inspection in the form of Amazon Lookout for Vision's `DetectAnomalies`, whose service ended on 31 October 2025. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Services } from '../context.ts';
import {
  type InspectionRequest,
  inspectImage,
  recordInspection,
  verdictOf,
} from '../inference/inspect-image.ts';
import { decodeFor } from '../inference/served-model.ts';

const WHITE = [255, 255, 255] as const;
const GREEN = [35, 164, 54] as const;

const anomalySchema = z.object({
  Name: z.string(),
  PixelAnomaly: z.object({
    /** Share of the image, 0 to 1. */
    TotalPercentageArea: z.number().min(0).max(1),
    Color: z.string(),
  }),
});

export const detectAnomaliesSchema = z.object({
  DetectAnomalyResult: z.object({
    Source: z.object({ Type: z.literal('direct') }),
    IsAnomalous: z.boolean(),
    /** 0.5 at the threshold, 1 far from it on the side of `IsAnomalous`; no probability. */
    Confidence: z.number().min(0).max(1),
    /** The background, then what the mask marks. */
    Anomalies: z.array(anomalySchema),
    /** PNG of the image's size, base64, in the colors of `Anomalies`. */
    AnomalyMask: z.string(),
  }),
});
export type DetectAnomaliesAnswer = z.infer<typeof detectAnomaliesSchema>;

/** @throws DomainError as `predict` */
export function detectAnomalies(
  context: Services,
  asked: Pick<InspectionRequest, 'name' | 'selector'>,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<DetectAnomaliesAnswer> {
  const arrivedAt = performance.now();
  return context.gates.inspections.run(async () => {
    const start = performance.now();
    const { served, image, result, chosen, threshold } = await inspectImage(context, {
      ...{ ...asked, arrivedAt, wanted: 'map' },
      readImage: (model) => decodeFor(context, model, bytes),
    });
    const { width, height, look, file } = image;
    const { imageScore, categoryDescriptor: _, ...map } = result;
    const colors = { below: WHITE, above: GREEN };
    const drawing = { ...map, width, height, threshold: threshold.pixelThreshold, colors };
    const { png, share } = await context.pictures.mask(drawing);
    const verdict = verdictOf({ served, chosen, threshold, imageScore });
    recordInspection(context, served, verdict, {
      ...{ inspection: randomUUID(), look, latencyMs: performance.now() - start },
      image: file && { file, reading: {} },
    });
    const isAnomalous = verdict.predictedLabel === 'anomalous';
    const marked = { name: 'anomaly', share, color: GREEN };
    return {
      DetectAnomalyResult: {
        Source: { Type: 'direct' },
        IsAnomalous: isAnomalous,
        Confidence: confidenceOf(verdict.scoreRatio, isAnomalous),
        Anomalies: [
          anomaly({ name: 'background', share: 1 - share, color: WHITE }),
          ...(share > 0 ? [anomaly(marked)] : []),
        ],
        AnomalyMask: Buffer.from(png).toString('base64'),
      },
    };
  }, signal);
}

/** @param ratio of score to threshold; null for a threshold that is not above 0, beside which nothing can be said */
export function confidenceOf(ratio: number | null, isAnomalous: boolean): number {
  if (ratio === null) return 0.5;
  const confidence = isAnomalous ? 1 - 1 / (2 * ratio) : 1 - ratio / 2;
  return Math.min(1, Math.max(0.5, confidence));
}

interface Named {
  readonly name: string;
  readonly share: number;
  readonly color: readonly number[];
}

function anomaly({ name, share, color }: Named): z.infer<typeof anomalySchema> {
  const hex = color.map((channel) => channel.toString(16).padStart(2, '0')).join('');
  return {
    Name: name,
    PixelAnomaly: { TotalPercentageArea: share, Color: `#${hex.toUpperCase()}` },
  };
}
