/** @file The feature taps that are meant by some names, checked against those that a network has. */
import { DomainError } from '@plumbline/contracts';
import { type FeatureTap, gridSide } from './backbone.ts';
import type { Network } from './network.ts';
import { unknownTapError } from './unknown-tap-error.ts';

/** Smallest grid that says where something is. */
const MIN_GRID = 2;

export interface TapChoice {
  /** Of the backbone, for messages. */
  readonly backbone: string;
  readonly taps: readonly FeatureTap[];
  readonly wanted: readonly string[];
  readonly imageSizePx: number;
}

/**
 * @returns The taps, in the order in which they are wanted.
 * @throws DomainError (field `featureTaps`) when one doesn't exist, none or one twice is wanted, or the images are too
 * small for it.
 */
export function chooseTaps({ backbone, taps, wanted, imageSizePx }: TapChoice): FeatureTap[] {
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

/**
 * The taps that a method asks for by stride: the network's own choice at that stride, or the deepest there.
 * @returns Their names; all that are tapped by default when the network has none of the strides, or one stride alone (a
 * vision transformer), where depth is all there is to choose.
 */
export function tapsAtStrides(network: Network, strides: readonly number[]): readonly string[] {
  if (new Set(network.taps.map((tap) => tap.stride)).size === 1) return network.defaultTaps;
  const usual = network.taps.filter((tap) => network.defaultTaps.includes(tap.name));
  const names = strides.flatMap((stride) => {
    const isThere = (tap: FeatureTap) => tap.stride === stride;
    return (usual.find(isThere) ?? network.taps.findLast(isThere))?.name ?? [];
  });
  return names.length === 0 ? network.defaultTaps : names;
}

/** @throws DomainError when images of this size give a tap less than a 2×2 grid. */
export function assertGrid(backbone: string, tap: FeatureTap, imageSizePx: number): void {
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
