/** @file What of the training images a training has seen, counted over its batches. */
import type { TrainingCoverage } from '@plumbline/contracts';
import type { Trainable } from './trainable.ts';

/**
 * @param steps Steps taken.
 * @param images Training images that there are.
 */
export function coverageOf(
  { name, batches }: Pick<Trainable, 'name' | 'batches'>,
  steps: number,
  images: number,
): TrainingCoverage {
  const seen = new Set<number>();
  let drawn = 0;
  for (let step = 0; step < steps; step++) {
    const batch = batches.images(step);
    drawn += batch.length;
    for (const image of batch) seen.add(image);
  }
  return { part: name, images, seen: seen.size, passes: drawn / Math.max(1, images) };
}
