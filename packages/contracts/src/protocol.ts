/** @file The evaluation protocol as data: how an image becomes numbers. */
import { z } from 'zod';
import type { Preprocessing } from './training/fit-needs.ts';

/** What 0.1 wrote where resize and interpolation were one field, and where RLR was the only method. */
const TEXTS_OF_0_1: Readonly<Record<string, string>> = {
  'cubic (a = -0.5, antialiased, half-pixel centers, on uint8) to a square, aspect ratio not kept':
    'to a square, aspect ratio not kept',
  'anomaly map as it is, not smoothed':
    'anomaly map as the method gives it; its smoothing, if any, is part of the method and in its configuration',
  'maximum of the anomaly map after Gaussian smoothing (sigma 4 px)':
    'maximum of the smoothed anomaly map',
};

/** The words of 0.1 said as they are said now: the rules did not change. */
const rule = z.string().overwrite((text) => TEXTS_OF_0_1[text] ?? text);

/**
 * Two results are comparable only if every field is equal. A field with a default is one that 0.1 did not write; the
 * default is what 0.1 did.
 */
export const protocolSchema = z.object({
  name: z.string(),
  /** Side of the square that images are brought to, pixels; of each tile where there are tiles. */
  imageSizePx: z.number().int().positive(),
  resize: rule,
  interpolation: z
    .string()
    .default('cubic (a = -0.5), antialiased, half-pixel centers, on 8-bit values'),
  crop: z.string().default('none'),
  /** Of the image size each; images, maps and masks are then as large as all of them together. */
  tiles: z.string().default('none'),
  /** Of the anomaly map, for the image score. */
  smoothing: z
    .string()
    .default('Gaussian, sigma 4 px, radius 16 px, borders mirrored; for the image score only'),
  imageScoreRule: rule,
  pixelScoreRule: rule,
  maskRule: z.string(),
  /** What becomes of pixels that the dataset version ignores. */
  ignoreRule: z.string().default('none'),
  /** Side of the maps and masks that the pixel metrics compare, pixels; of each tile where there are tiles. */
  evaluationSizePx: z.number().int().positive(),
  /** How thresholds are swept, and how AUPRO is cut. */
  metricRule: z
    .string()
    .default('exact: every distinct score is a threshold; AUPRO interpolated at its limit'),
  epochRule: z.string(),
  /** Which seeds, and what becomes of several. */
  seedRule: z
    .string()
    .default('any seed, named in the row; the spread over the seeds of a configuration beside it'),
  mean: z.string(),
});
export type Protocol = z.infer<typeof protocolSchema>;

/** Name of Plumbline's own protocol for images that are prepared so. */
export function protocolNameAt({
  imageSizePx,
  tiles,
}: Pick<Preprocessing, 'imageSizePx' | 'tiles'>): string {
  const name = `plumbline-${imageSizePx}`;
  return tiles === undefined ? name : `${name}-${tiles.rows}x${tiles.columns}`;
}

/** A field in which two protocols differ, in words. */
export const protocolDifferenceSchema = z.object({
  field: z.string(),
  label: z.string(),
  here: z.string(),
  there: z.string(),
});
export type ProtocolDifference = z.infer<typeof protocolDifferenceSchema>;

export const namedProtocolSchema = z.object({
  protocol: protocolSchema,
  /** Whose convention it is, and where that was read. */
  about: z.string(),
  /** Against Plumbline's own at 256 px. */
  differences: z.array(protocolDifferenceSchema),
});
export type NamedProtocol = z.infer<typeof namedProtocolSchema>;
