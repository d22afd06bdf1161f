/** @file The sizes of a category's images in words that are true of its images. */
import type { CategorySummary, ImageSizes } from './dataset.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** By area; of equal areas the wider one counts as larger, so that the order of the images says nothing. */
export function imageSizesOf(images: readonly Size[]): ImageSizes {
  const different = new Map(
    images.map(({ width, height }) => [`${width} ${height}`, { width, height }]),
  );
  const sorted = [...different.values()].sort(
    (a, b) => a.width * a.height - b.width * b.height || a.width - b.width,
  );
  const [smallest, largest] = [sorted[0], sorted.at(-1)];
  if (smallest === undefined || largest === undefined) throw new Error('There are no images.');
  return { different: sorted.length, smallest, largest };
}

/** `128 × 96`, `2 sizes: 128 × 96 and 96 × 128`, `14 sizes, 128 × 96 the smallest and 1600 × 1200 the largest`. */
export function imageSizeWords(category: CategorySummary): string {
  const { minWidth, minHeight, maxWidth, maxHeight, sizes } = category;
  if (minWidth === maxWidth && minHeight === maxHeight)
    return sizeWords({ width: minWidth, height: minHeight });
  // A version of before says only how far each side goes, and no image needs to have both.
  if (sizes === undefined)
    return `${span(minWidth, maxWidth)} wide, ${span(minHeight, maxHeight)} high`;
  const { different, smallest, largest } = sizes;
  const [small, large] = [sizeWords(smallest), sizeWords(largest)];
  return different === 2
    ? `2 sizes: ${small} and ${large}`
    : `${different} sizes, ${small} the smallest and ${large} the largest`;
}

function span(least: number, most: number): string {
  return least === most ? `${least}` : `${least} to ${most}`;
}

function sizeWords({ width, height }: Size): string {
  return `${width} × ${height}`;
}
