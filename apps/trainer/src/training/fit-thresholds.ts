/** @file The threshold profile of a model version, from held-out normal training images alone. */
import {
  type GraphSession,
  lookUp,
  type Sample,
  type ThresholdProfile,
} from '@plumbline/contracts';
import type { BlobStore } from '@plumbline/data';
import { fitCuts, toProfile } from '@plumbline/eval';
import { scoreImage } from './score-images.ts';

export async function fitThresholds(
  session: GraphSession,
  blobs: BlobStore,
  heldOut: readonly Sample[],
): Promise<ThresholdProfile> {
  const imageScores: Record<string, number[]> = {};
  /** Largest values of the anomaly maps. */
  const mapMaxima: Record<string, number[]> = {};
  const sorted = [...heldOut].sort((a, b) => (a.category < b.category ? -1 : 1));
  for (const sample of sorted) {
    const { imageScore, anomalyMap } = await scoreImage(session, blobs, sample);
    const maximum = anomalyMap.reduce((largest, value) => Math.max(largest, value));
    imageScores[sample.category] = [...(lookUp(imageScores, sample.category) ?? []), imageScore];
    mapMaxima[sample.category] = [...(lookUp(mapMaxima, sample.category) ?? []), maximum];
  }
  const pixels = fitCuts(mapMaxima);
  return toProfile(fitCuts(imageScores), {}, (category) => {
    const cuts =
      category === null ? pixels.pooled : (lookUp(pixels.categories, category) ?? pixels.pooled);
    const scores =
      category === null ? Object.values(imageScores).flat() : lookUp(imageScores, category);
    return {
      pixelThreshold: cuts.threshold,
      heldOutScores: [...(scores ?? [])].sort((a, b) => a - b),
    };
  });
}
