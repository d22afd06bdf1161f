/** @file What an image is looked up by among training images: its size. */
import type { FeatureLevel } from '../training/feature-level.ts';

/** A level's feature map is averaged over this many by this many parts of the image, to find the images that it resembles. */
const DESCRIPTOR_PARTS = 2;

/** Numbers that a level adds to an image's descriptor, along each side of its grid: a grid of one place has no halves. */
export function descriptorParts({ grid }: Pick<FeatureLevel, 'grid'>): number {
  return Math.min(DESCRIPTOR_PARTS, grid);
}
