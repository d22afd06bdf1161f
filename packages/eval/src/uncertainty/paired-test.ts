/** @file Is one model's mean image AUROC higher than another's? By both models' placements of the same test images. */
import { DomainError } from '@plumbline/contracts';
import { aurocDifference, meanAuroc, type PairedDifference } from './auroc-difference.ts';
import { assertSameImages, type ImageScoreRow, imageStrata } from './image-strata.ts';
import { DEFAULT_CONFIDENCE } from './summarize.ts';

export interface PairedTestResult {
  /** Of the mean over categories. */
  readonly mean: PairedDifference;
  /** Where the image AUROC is defined, in order of name. */
  readonly categories: readonly (PairedDifference & { readonly category: string })[];
  readonly images: number;
  readonly confidence: number;
}

/**
 * Compares two models in mean image AUROC (unweighted over categories): the interval of the difference, and the p at which
 * it just holds 0.
 *
 * @param a image results of one model
 * @param b of the other, over the same samples in any order
 * @throws DomainError INVALID_INPUT naming the sample that one of them lacks or labels differently, or if no category has both labels
 */
export function pairedImageAurocTest(
  a: readonly ImageScoreRow[],
  b: readonly ImageScoreRow[],
  confidence = DEFAULT_CONFIDENCE,
): PairedTestResult {
  assertSameImages(a, b);
  const strataA = imageStrata(a);
  const strataB = imageStrata(b);
  const ofA = meanAuroc([strataA]);
  const ofB = meanAuroc([strataB]);
  if (ofA === null || ofB === null) {
    throw new DomainError('INVALID_INPUT', 'No category has both normal and anomalous images.', {
      field: 'images',
      fix: 'Compare models on a test split with normal and anomalous images.',
    });
  }
  const categories = strataA.flatMap((strata, index) => {
    const one = meanAuroc([[strata]]);
    const other = meanAuroc([[strataB[index]!]]);
    if (one === null || other === null) return [];
    return [{ category: strata.category, ...aurocDifference(one, other, confidence) }];
  });
  const mean = aurocDifference(ofA, ofB, confidence);
  return { mean, categories, images: a.length, confidence };
}
