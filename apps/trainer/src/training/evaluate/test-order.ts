/** @file The order in which test images are evaluated. */
import { EXACT_PIXEL_BUDGET, type MapSize, type Sample } from '@plumbline/contracts';
import { byShape } from '../features/image-batches.ts';

/**
 * By category; in it by path, or, where its pixels are too many to be ranked exactly, in a mixed order that is the same every
 * time: that of the hashes of the images. The bins of a histogram are laid by the images seen so far, so these have to be
 * like those to come, which images of one defect type, label or day are not.
 *
 * @param size of a map
 */
export function testOrder(samples: readonly Sample[], size: MapSize): Sample[] {
  const isLarge = largeCategories(samples, size);
  return [...samples].sort((a, b) => {
    const isMixed = a.category === b.category && isLarge(a.category);
    return (isMixed ? compareHashes(a, b) : 0) || byCategoryAndPath(a, b);
  });
}

/**
 * That order, with images of one shape together within a category, since a graph takes only those at once. A mixed order
 * stays: what comes first has to be like what comes later.
 */
export function inBatches(ordered: readonly Sample[], size: MapSize): Sample[] {
  const isLarge = largeCategories(ordered, size);
  const categories = new Map<string, Sample[]>();
  for (const sample of ordered) {
    const own = categories.get(sample.category) ?? [];
    categories.set(sample.category, own);
    own.push(sample);
  }
  return [...categories].flatMap(([name, own]) => (isLarge(name) ? own : byShape(own)));
}

function largeCategories(
  samples: readonly Sample[],
  { height, width }: MapSize,
): (category: string) => boolean {
  const counts = new Map<string, number>();
  for (const { category } of samples) counts.set(category, (counts.get(category) ?? 0) + 1);
  return (category) => (counts.get(category) ?? 0) * height * width > EXACT_PIXEL_BUDGET;
}

type Place = Pick<Sample, 'category' | 'path'>;

/** The order in which results are stored. */
export function byCategoryAndPath(a: Place, b: Place): number {
  return a.category.localeCompare(b.category) || a.path.localeCompare(b.path);
}

function compareHashes(a: Sample, b: Sample): number {
  if (a.image.sha256 === b.image.sha256) return 0;
  return a.image.sha256 < b.image.sha256 ? -1 : 1;
}
