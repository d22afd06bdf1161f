/** @file A run whose features are computed as they are read, since there is no room to keep them. */
import type { RunPart } from './run-part.ts';

/** What the features of all runs may take, unless the trainer's settings say otherwise. */
export const FEATURE_CACHE_BYTES = 20e9;

/** The features are no part of their own: each part that reads them takes their time, as often as it reads. */
export function streamedParts(parts: readonly RunPart[]): RunPart[] {
  const features = parts.find(({ part }) => part === 'features');
  if (features === undefined || features.units === 0) return [...parts];
  return parts.map((own): RunPart => {
    // It stays, so that every part keeps its place.
    if (own === features) return { ...features, units: 0, expectedSeconds: 0 };
    if (own.readImages === undefined) return own;
    const seconds = (features.expectedSeconds / features.units) * own.readImages;
    return {
      ...own,
      key: `${own.key}/streamed/${features.key}`,
      expectedSeconds: own.expectedSeconds + seconds,
      streamed: {
        own,
        features: { ...features, units: own.readImages, expectedSeconds: seconds },
      },
    };
  });
}
