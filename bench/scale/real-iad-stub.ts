/**
 * @file Features of the size of Real-IAD without its images: 30 categories, 36,465 normal training images and 114,585
 * test images. An image's tokens are a stretch of one table of normal numbers, moved by its category: as cheap as reading
 * a cache, and the same each time.
 */
import type { FeatureLevel } from '@plumbline/contracts';
import type { FeatureSource, Folds } from '@plumbline/model';

export interface StubSize {
  readonly categories: number;
  readonly train: number;
  readonly test: number;
}

export const REAL_IAD: StubSize = { categories: 30, train: 36_465, test: 114_585 };
/** Of `compact` at 256 px. */
export const STUB_LEVELS: readonly FeatureLevel[] = [
  { tap: 'layer2', grid: 32, channels: 64 },
  { tap: 'layer3', grid: 16, channels: 128 },
];
const TABLE = 4_000_037;

/** The category of each image, category by category. */
export function stubCategories(images: number, categories: number): string[] {
  return Array.from(
    { length: images },
    (_, image) => `category-${String(Math.floor((image * categories) / images)).padStart(2, '0')}`,
  );
}

/** Normal training images, of which one in `every` is taken; all without. */
export function stubFeatures(categories: readonly string[]): FeatureSource {
  const table = normalTable();
  const numbers = new Map([...new Set(categories)].map((name, index) => [name, index]));
  return {
    count: categories.length,
    categories,
    read(level, images, out) {
      const size = out.length / images.length;
      for (const [slot, image] of images.entries()) {
        const start = (image * 7919 + level * 104_729) % (TABLE - size);
        const place = out.subarray(slot * size, (slot + 1) * size);
        place.set(table.subarray(start, start + size));
        const shift = (numbers.get(categories[image] ?? '') ?? 0) / 10;
        for (let i = 0; i < size; i++) place[i]! += shift;
      }
    },
  };
}

/** Tenths, of at most so many images of each category: as the trainer's `crossFit`. */
export function stubFolds(categories: readonly string[], count: number, mostScored: number): Folds {
  const seen = new Map<string, number>();
  const of = Int32Array.from(categories, (category) => {
    const number = seen.get(category) ?? 0;
    seen.set(category, number + 1);
    return number < mostScored ? number % count : -1;
  });
  return { count, of };
}

/** Standard normal, by the Box–Muller transform of a small generator. */
function normalTable(): Float32Array {
  const table = new Float32Array(TABLE);
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  for (let i = 0; i < TABLE; i++)
    table[i] = Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
  return table;
}
