/** @file The side of the square that a run brings images to: a setting of every method. */
import { z } from 'zod';

export const IMAGE_SIZES_PX = [64, 128, 256, 512] as const;
export type ImageSizePx = (typeof IMAGE_SIZES_PX)[number];

export const imageSizeSchema = z.union(
  IMAGE_SIZES_PX.map((size) => z.literal(size)),
  { error: `Give one of ${IMAGE_SIZES_PX.join(', ')}, in pixels.` },
);
