/** @file How many pixels an image may have. */
import { DomainError } from '@plumbline/contracts';

export interface PixelLimit {
  readonly maxPixels: number;
  /** What the one who sent it can do. */
  readonly fix: string;
}

/** @throws DomainError TOO_LARGE naming size and limit. */
export function requirePixelsWithin(
  { width, height }: { readonly width: number; readonly height: number },
  file: string,
  { maxPixels, fix }: PixelLimit,
): void {
  if (width * height <= maxPixels) return;
  throw new DomainError(
    'TOO_LARGE',
    `${file} has ${megapixels(width * height)} megapixels (${width}×${height}); at most ${megapixels(maxPixels)} are accepted.`,
    { file, fix },
  );
}

function megapixels(pixels: number): string {
  const value = pixels / 1e6;
  return value.toFixed(Number.isInteger(value) ? 0 : 1);
}
