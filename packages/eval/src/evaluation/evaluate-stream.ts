/** @file Evaluates images as they come, in bounded memory: no map is kept for longer than its category is exact. */

import type { MapSize } from '../curves/pixel-curve.ts';
import type { Evaluation, EvaluatorOptions, ScoredImage } from './evaluation.ts';
import { Evaluator } from './evaluator.ts';

/**
 * Evaluates scored images from any source, one category after the other. A category is evaluated, and its memory given
 * back, when the next one begins; so what is held at a time are the maps of one category up to the pixel budget, or its
 * histogram.
 *
 * @param images all images of a category in a row; maps may be made, or read, as they are asked for
 * @throws DomainError INVALID_INPUT naming a sample; CONFLICT if a category comes back after another
 */
export async function evaluateStream(
  images: AsyncIterable<ScoredImage> | Iterable<ScoredImage>,
  size: MapSize,
  options: EvaluatorOptions = {},
): Promise<Evaluation> {
  const evaluator = new Evaluator(size, options);
  let category: string | null = null;
  for await (const image of images) {
    if (category !== null && category !== image.category) evaluator.evaluateCategory(category);
    category = image.category;
    evaluator.add(image);
  }
  return evaluator.evaluate();
}
