/**
 * @file Regions that are ignored in every image of a category (fixtures, edges, time stamps): how they are written, which pixels
 * they cover, and how a model's graph is told whose to ignore.
 */
import { z } from 'zod';
import { DomainError } from './errors.ts';
import { eachPolygonSpan } from './polygon-spans.ts';
import type { MapSize } from './training/tile-grid.ts';

export const MAX_IGNORE_POLYGONS = 100;
const MAX_CORNERS = 500;
/** What is left of an image must be worth a score. */
export const LARGEST_IGNORED_SHARE = 0.9;

const share = z.number('Give shares of the image, 0 to 1.').min(0).max(1);

/** Corners as shares of the upright image's width and height, from its top left; the last one joins the first. */
export const ignorePolygonSchema = z
  .array(z.tuple([share, share]))
  .min(3)
  .max(MAX_CORNERS);
export type IgnorePolygon = z.infer<typeof ignorePolygonSchema>;

export const ignorePolygonsSchema = z.array(ignorePolygonSchema).max(MAX_IGNORE_POLYGONS);

export const categoryRegionsSchema = z.object({
  category: z.string(),
  polygons: ignorePolygonsSchema.min(1),
});
export type CategoryRegions = z.infer<typeof categoryRegionsSchema>;

/** In order of category, each once. Absent where nothing is ignored. */
export const ignoreRegionsSchema = z.array(categoryRegionsSchema).min(1);

export function polygonsOf(
  regions: readonly CategoryRegions[] | undefined,
  category: string | null,
): readonly IgnorePolygon[] {
  return regions?.find((one) => one.category === category)?.polygons ?? [];
}

/**
 * The one way from polygons to pixels: those whose center lies in any of them.
 * @returns u8 `[height · width]`, 1 = ignored
 */
export function ignoredPixels(
  polygons: readonly IgnorePolygon[],
  { height, width }: MapSize,
): Uint8Array {
  const pixels = new Uint8Array(height * width);
  for (const polygon of polygons) {
    const outline = polygon.map(([x, y]) => [x * width, y * height] as const);
    eachPolygonSpan(outline, { height, width }, (row, from, to) =>
      pixels.fill(1, row * width + from, row * width + to),
    );
  }
  return pixels;
}

/** Of the image, 0 to 1. */
export function ignoredShare(polygons: readonly IgnorePolygon[]): number {
  const pixels = ignoredPixels(polygons, CHECKED_SIZE);
  return pixels.reduce((sum, pixel) => sum + pixel, 0) / pixels.length;
}

/** A sentence; none where nothing is ignored. */
export function ignoredNotes(regions: readonly CategoryRegions[] | undefined): string[] {
  if (regions === undefined) return [];
  const each = regions.map(
    ({ category, polygons }) =>
      `${category} (${(100 * ignoredShare(polygons)).toFixed(1)} % of each image)`,
  );
  return [
    `Ignored, in scores as in pixel metrics: regions of the dataset version in ${each.join(', ')}.`,
  ];
}

/** The smallest map that presets score at. */
const CHECKED_SIZE: MapSize = { height: 128, width: 128 };

/** @throws DomainError INVALID_INPUT for a polygon that covers no pixel, and for regions that leave too little. */
export function assertIgnoreRegions({ category, polygons }: CategoryRegions): void {
  const empty = polygons.findIndex((polygon) => ignoredShare([polygon]) === 0);
  if (empty >= 0)
    throw new DomainError(
      'INVALID_INPUT',
      `Ignore region ${empty + 1} of ${category} covers no pixel of a map of ${CHECKED_SIZE.width} × ${CHECKED_SIZE.height}.`,
      {
        field: 'polygons',
        fix: 'Draw it larger, at least a hundredth of the image wide and high. Corners are shares of the image, 0 to 1.',
      },
    );
  const all = ignoredShare(polygons);
  if (all > LARGEST_IGNORED_SHARE)
    throw new DomainError(
      'INVALID_INPUT',
      `The ignore regions of ${category} cover ${Math.round(100 * all)} % of the image.`,
      {
        field: 'polygons',
        fix: `Leave at least ${Math.round(100 * (1 - LARGEST_IGNORED_SHARE))} % of it. Mark what to ignore, not what to inspect.`,
      },
    );
}

/** Regions as a graph has them: number 1 is the first category's, 0 is none. */
export interface IgnoreMasks {
  readonly categories: readonly string[];
  /** u8 `[height · width]` of each, 1 = ignored. */
  readonly masks: readonly Uint8Array[];
}

/** @param size Of the anomaly map. @returns Null where nothing is ignored. */
export function ignoreMasks(
  regions: readonly CategoryRegions[] | undefined,
  size: MapSize,
): IgnoreMasks | null {
  if (regions === undefined || regions.length === 0) return null;
  return {
    categories: regions.map(({ category }) => category),
    masks: regions.map(({ polygons }) => ignoredPixels(polygons, size)),
  };
}

/** What `ignore` is fed for an image of a category; 0 where it ignores nothing, or its category is not known. */
export function ignoreNumber(
  { categories }: Pick<IgnoreMasks, 'categories'>,
  category: string | null,
): number {
  return category === null ? 0 : categories.indexOf(category) + 1;
}

/** u8 `[height · width]`, 1 = ignored; null where a category ignores nothing. */
export function ignoredMaskOf(masks: IgnoreMasks | null, category: string): Uint8Array | null {
  return masks?.masks[ignoreNumber(masks, category) - 1] ?? null;
}

/** For the images of a batch; undefined for a graph that has no such input. */
export function ignoreNumbers(
  masks: Pick<IgnoreMasks, 'categories'> | null,
  samples: readonly { readonly category: string }[],
): number[] | undefined {
  return masks === null ? undefined : samples.map(({ category }) => ignoreNumber(masks, category));
}
