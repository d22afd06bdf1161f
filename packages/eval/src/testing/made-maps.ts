/** @file Made-up anomaly maps with masks for tests: smooth noise, and discs that score higher. */
import type { ScoredImage } from '../evaluation/evaluation.ts';
import { gaussian, lehmer } from './made-images.ts';

export interface MadeMaps {
  readonly side: number;
  readonly normal: number;
  readonly anomalous: number;
  readonly seed?: number;
  readonly category?: string;
  /** Last step of each pixel's score. */
  readonly transform?: (score: number) => number;
}

/** Normal images first. Noise differs from image to image in level, as a bootstrap over images has to notice. */
export function makeMaps(options: MadeMaps): ScoredImage[] {
  const { side, normal, anomalous, seed = 0, category = 'made' } = options;
  const { transform = (score) => score } = options;
  const random = lehmer(seed + 31);
  const noise = () => 2 * (random() + random() + random() - 1.5); // standard deviation 1
  return Array.from({ length: normal + anomalous }, (_, index) => {
    const isAnomalous = index >= normal;
    const level = 0.3 * gaussian(random);
    const lift = 1.5 + gaussian(random);
    const discs = Array.from({ length: isAnomalous ? 1 + (index % 3) : 0 }, () => ({
      x: random() * side,
      y: random() * side,
      radius: 1 + (random() * side) / 8,
    }));
    const mask = new Uint8Array(side * side);
    const anomalyMap = new Float32Array(side * side);
    let imageScore = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < mask.length; i += 1) {
      const x = i % side;
      const y = (i - x) / side;
      if (discs.some((disc) => Math.hypot(x - disc.x, y - disc.y) < disc.radius)) mask[i] = 1;
      anomalyMap[i] = transform(level + noise() + (mask[i] === 1 ? lift : 0));
      imageScore = Math.max(imageScore, anomalyMap[i]!);
    }
    return {
      path: `${category}/test/${isAnomalous ? 'disc' : 'good'}/${index}.png`,
      category,
      label: isAnomalous ? 'anomalous' : 'normal',
      imageScore,
      anomalyMap,
      mask: isAnomalous ? mask : null,
    };
  });
}
