/** @file Samples without images, for what only looks at names, splits and hashes. */
import type { Sample } from '@plumbline/contracts';

/** A normal training image of its own for each category and index. */
export function makeSample(category: string, index: number, change: Partial<Sample> = {}): Sample {
  const sha256 = `${category}-${index}-`.padEnd(64, '0');
  return {
    path: `${category}/train/good/${index}.png`,
    category,
    split: 'train',
    label: 'normal',
    defectType: null,
    image: { sha256, bytes: 1, width: 1, height: 1, format: 'png' },
    mask: null,
    ...change,
  };
}

export function makeSamples(category: string, count: number): Sample[] {
  return Array.from({ length: count }, (_, index) => makeSample(category, index));
}
