/** @file Are there images enough for the numbers to mean something? */
import type { EvaluationCheck } from '@plumbline/contracts';
import { type CheckedSample, isTest, passed } from './checked-sample.ts';

/**
 * Of each kind in a category. With 10 normal and 10 anomalous test images one swapped pair moves the image AUROC by a
 * whole point.
 */
const FEW = 10;

/** Marks categories with few images to learn from, or few to be judged by. */
export function checkImageCounts(samples: readonly CheckedSample[]): EvaluationCheck {
  const name = 'too-few-images';
  const categories = [...new Set(samples.map((sample) => sample.category))].sort();
  const words = categories.flatMap((category) => {
    const members = samples.filter((sample) => sample.category === category);
    const normal = members.filter((sample) => sample.label === 'normal');
    const counts = [
      ['normal training', normal.filter((sample) => sample.split === 'train').length],
      ['normal test', normal.filter(isTest).length],
      ['anomalous test', members.filter((s) => isTest(s) && s.label === 'anomalous').length],
    ] as const;
    const few = counts.filter(([, count]) => count < FEW);
    if (few.length === 0) return [];
    return [
      `${category} has ${few.map(([kind, count]) => `${count} ${kind}`).join(' and ')} images`,
    ];
  });
  if (words.length === 0) {
    return passed(name, `Every category has at least ${FEW} images of each kind.`);
  }
  const message = `Fewer than ${FEW} images of a kind: ${words.join('; ')}.`;
  return { name, status: 'marked', message, files: [] };
}
