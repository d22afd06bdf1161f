/** @file Made-up image results for tests: normal scores around 0, anomalous ones around a separation. */
import type { ImageScoreRow } from '../uncertainty/image-strata.ts';

/** Lehmer's generator modulo 2^31 − 1 with multiplier 48271: numbers in (0, 1). */
export function lehmer(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Roughly standard normal: the sum of twelve uniform numbers, less six. */
export function gaussian(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i += 1) sum += random();
  return sum;
}

export interface MadeImages {
  readonly separation: number;
  readonly seed: number;
  readonly categories?: readonly string[];
  readonly normal?: number;
  readonly anomalous?: number;
  /** Standard deviation of the part of the score that all seeds share per image. */
  readonly shared?: number;
}

/** The part that images share comes from a fixed seed: two calls give correlated scores for the same paths. */
export function makeImages(options: MadeImages): ImageScoreRow[] {
  const { separation, seed, categories = ['bolt', 'cap'], normal = 20, anomalous = 30 } = options;
  const sharedRandom = lehmer(7);
  const random = lehmer(seed + 1000);
  for (let i = 0; i < 20; i += 1) random();
  return categories.flatMap((category) =>
    Array.from({ length: normal + anomalous }, (_, index) => {
      const isAnomalous = index >= normal;
      const common = gaussian(sharedRandom) * (options.shared ?? 0);
      return {
        path: `${category}/test/${isAnomalous ? 'dent' : 'good'}/${index}.png`,
        category,
        label: isAnomalous ? ('anomalous' as const) : ('normal' as const),
        imageScore: gaussian(random) + common + (isAnomalous ? separation : 0),
      };
    }),
  );
}
