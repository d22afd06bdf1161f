/** @file The normal training images by which the category of an image is found. */
import { createHash } from 'node:crypto';
import type { Sample } from '@plumbline/contracts';

/** Enough to vote; more only makes the bank larger and every inspection slower. */
const MOST_PER_CATEGORY = 150;
/** With many categories or a wide backbone a bank of at most about so many bytes, */
const MOST_BYTES = 16e6;
/** but never fewer images of a category than these. */
const LEAST_PER_CATEGORY = 20;
const BYTES_PER_NUMBER = 2;

/**
 * A choice among different images of each category, by a seeded hash of the image: it depends on neither names nor order.
 * @param samples Normal training images.
 * @param size Numbers in a descriptor.
 * @returns Category by category, in the order of their names.
 */
export function chooseBankImages(samples: readonly Sample[], seed: number, size: number): Sample[] {
  const byCategory = new Map<string, Map<string, Sample>>();
  for (const sample of samples) {
    const own = byCategory.get(sample.category) ?? new Map<string, Sample>();
    byCategory.set(sample.category, own.set(sample.image.sha256, sample));
  }
  const room = Math.floor(MOST_BYTES / (BYTES_PER_NUMBER * size * byCategory.size));
  const most = Math.min(MOST_PER_CATEGORY, Math.max(LEAST_PER_CATEGORY, room));
  return [...byCategory]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([category, own]) =>
      [...own.values()]
        .map((sample) => ({ sample, key: orderKey(seed, category, sample.image.sha256) }))
        .sort((a, b) => (a.key < b.key ? -1 : 1))
        .slice(0, most)
        .map(({ sample }) => sample),
    );
}

function orderKey(seed: number, category: string, hash: string): string {
  return createHash('sha256').update(`${seed}/bank/${category}/${hash}`).digest('hex');
}
