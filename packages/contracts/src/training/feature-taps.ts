/** @file Which taps of a backbone are meant, and the grids that they give. Pure: a tap is its name, channels and stride. */
import type { FeatureTapSummary } from '../backbone.ts';
import { DomainError } from '../errors.ts';

/** Smallest grid that says where something is. */
const MIN_GRID = 2;

/** Side of a tap's grid at an image size: strided layers round up. */
export function gridSide({ stride }: Pick<FeatureTapSummary, 'stride'>, imageSizePx: number) {
  return Math.ceil(imageSizePx / stride);
}

export interface TapChoice {
  /** Of the backbone, for messages. */
  readonly backbone: string;
  readonly taps: readonly FeatureTapSummary[];
  readonly wanted: readonly string[];
  readonly imageSizePx: number;
}

/**
 * @returns The taps, in the order in which they are wanted.
 * @throws DomainError (field `featureTaps`) when one doesn't exist, none or one twice is wanted, or the images are too
 * small for it.
 */
export function chooseTaps({ backbone, taps, wanted, imageSizePx }: TapChoice) {
  const chosen = wanted.map((name) => {
    const tap = taps.find((candidate) => candidate.name === name);
    if (tap === undefined) throw unknownTapError(backbone, name, taps);
    return tap;
  });
  if (chosen.length === 0 || new Set(chosen).size < chosen.length) {
    throw unknownTapError(backbone, null, taps);
  }
  for (const tap of chosen) assertGrid(backbone, tap, imageSizePx);
  return chosen;
}

/** Of a backbone: what can be tapped, finest first, and what is when nobody says. */
export interface OfferedTaps {
  readonly taps: readonly FeatureTapSummary[];
  readonly defaultTaps: readonly string[];
}

/**
 * The taps that a method asks for by stride: the network's own choice at that stride, or the deepest there.
 * @returns Their names; all that are tapped by default when the network has none of the strides, or one stride alone (a
 * vision transformer), where depth is all there is to choose.
 */
export function tapsAtStrides(
  { taps, defaultTaps }: OfferedTaps,
  strides: readonly number[],
): readonly string[] {
  if (new Set(taps.map((tap) => tap.stride)).size === 1) return defaultTaps;
  const usual = taps.filter((tap) => defaultTaps.includes(tap.name));
  const names = strides.flatMap((stride) => {
    const isThere = (tap: FeatureTapSummary) => tap.stride === stride;
    return (usual.find(isThere) ?? taps.findLast(isThere))?.name ?? [];
  });
  return names.length === 0 ? defaultTaps : names;
}

/** @throws DomainError when images of this size give a tap less than a 2×2 grid. */
export function assertGrid(backbone: string, tap: FeatureTapSummary, imageSizePx: number): void {
  const grid = gridSide(tap, imageSizePx);
  if (grid >= MIN_GRID) return;
  throw new DomainError(
    'INVALID_INPUT',
    `Images of ${imageSizePx}×${imageSizePx} pixels are too small for feature tap "${tap.name}" of backbone "${backbone}": at stride ${tap.stride} they give a ${grid}×${grid} grid.`,
    {
      field: 'featureTaps',
      fix: `Choose a tap of smaller stride, or images of at least ${MIN_GRID * tap.stride} pixels.`,
    },
  );
}

/**
 * The answer to feature taps that a backbone doesn't have.
 * @param name The tap that doesn't exist; null when none was named, or one twice.
 * @param taps What can be chosen.
 */
export function unknownTapError(
  backbone: string,
  name: string | null,
  taps: readonly FeatureTapSummary[],
): DomainError {
  const what =
    name === null
      ? `Name at least one feature tap of backbone "${backbone}", each once.`
      : `Backbone "${backbone}" has no feature tap "${name}".`;
  return tapError(what, taps);
}

/** A value that is there, but has no grid: it is of another shape, or the images are too small for it. */
export function noFeatureMapError(
  backbone: string,
  name: string,
  taps: readonly FeatureTapSummary[],
): DomainError {
  return tapError(
    `"${name}" of backbone "${backbone}" is not a square feature map of 2×2 or more at this image size.`,
    taps,
  );
}

function tapError(what: string, taps: readonly FeatureTapSummary[]): DomainError {
  return new DomainError('INVALID_INPUT', what, {
    field: 'featureTaps',
    fix:
      taps.length === 0
        ? 'This model has no feature maps; use another backbone.'
        : `Choose of: ${taps.map(describeTap).join(', ')}.`,
  });
}

export function describeTap({ name, channels, stride }: FeatureTapSummary): string {
  return `${name} (${channels} channels, stride ${stride})`;
}
