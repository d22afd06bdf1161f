/** @file The smallest image that a model can look at: one pixel for each place of its finest feature grid. */
import { DomainError } from '@plumbline/contracts';

export interface SizedImage {
  /** What the error calls it. */
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

export function shorterSide({ width, height }: Pick<SizedImage, 'width' | 'height'>): number {
  return Math.min(width, height);
}

/**
 * @param gridSide Side of the finest feature grid.
 * @param fix What else would help, as a sentence.
 * @throws DomainError INVALID_INPUT naming the first image with fewer pixels than that along a side, and how many there are.
 */
export function requireGridPixels(
  images: readonly SizedImage[],
  gridSide: number,
  fix?: string,
): void {
  const [first, ...others] = images.filter((image) => shorterSide(image) < gridSide);
  if (first === undefined) return;
  const { file, width, height } = first;
  const so =
    others.length === 1 ? ', and so is 1 other image' : `, and so are ${others.length} others`;
  throw new DomainError(
    'INVALID_INPUT',
    `${file} (${width}×${height} pixels) is smaller than the ${gridSide}×${gridSide} feature grid${others.length === 0 ? '' : so}.`,
    {
      fix: `Use images with at least ${gridSide} pixels along each side.${fix === undefined ? '' : ` ${fix}`}`,
      file,
    },
  );
}
