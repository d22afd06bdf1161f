/** @file Which taps of a backbone are meant, and the grids that they give. Pure: a tap is its name, channels and stride. */
import type { FeatureTapSummary } from '../backbone.ts';
import { DomainError } from '../errors.ts';
import type { BlockTaps, TappedInput } from './fit-needs.ts';

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
 * The taps that a method asks for: by stride, the network's own choice there or the deepest; of a vision transformer, where
 * depth is all there is to choose, its middle blocks.
 * @returns Their names; all that are tapped by default when the network has none of the strides.
 */
export function tapsFor(
  { taps, defaultTaps }: OfferedTaps,
  { strides, blocks }: TappedInput,
): readonly string[] {
  if (new Set(taps.map((tap) => tap.stride)).size === 1)
    return blocks === undefined ? defaultTaps : middleBlocks(taps, blocks.count);
  const usual = taps.filter((tap) => defaultTaps.includes(tap.name));
  const names = strides.flatMap((stride) => {
    const isThere = (tap: FeatureTapSummary) => tap.stride === stride;
    return (usual.find(isThere) ?? taps.findLast(isThere))?.name ?? [];
  });
  return names.length === 0 ? defaultTaps : names;
}

/** Blocks of a vision transformer for each that Dinomaly reads; its first ones are left out, a sixth. */
const BLOCKS_APART = 12;
const FIRST_SHARE = 1 / 6;

/** As Dinomaly's: of 12 blocks the third to the tenth, of 24 every second from the fifth to the nineteenth. */
function middleBlocks(taps: readonly FeatureTapSummary[], count: number): string[] {
  // What comes after the last block's normalization is none.
  const blocks = taps.filter(({ name }) => name.startsWith('blocks.'));
  const apart = Math.max(1, Math.floor(blocks.length / BLOCKS_APART));
  const most = Math.min(count, blocks.length);
  const first = Math.min(
    Math.floor(blocks.length * FIRST_SHARE),
    blocks.length - 1 - (most - 1) * apart,
  );
  return Array.from(
    { length: most },
    (_, i) => (blocks[first + i * apart] as FeatureTapSummary).name,
  );
}

/** Name of what comes of the tokens before the patches: on a grid of one place, one token after the other in its channels. */
export const FIRST_TOKENS = 'first-tokens';

/**
 * Taps that are averaged, group by group; each alone where they are of several strides or sizes.
 * @throws DomainError (field `featureTaps`) when they can't be split evenly.
 */
export function tapGroups<Tap extends FeatureTapSummary>(
  taps: readonly Tap[],
  blocks: Pick<BlockTaps, 'groups'> | undefined,
): Tap[][] {
  const kinds = new Set(taps.map(({ stride, channels }) => `${stride} ${channels}`));
  if (blocks === undefined || kinds.size > 1 || taps.length <= blocks.groups)
    return taps.map((tap) => [tap]);
  const size = taps.length / blocks.groups;
  if (!Number.isInteger(size))
    throw new DomainError(
      'INVALID_INPUT',
      `${taps.length} feature taps can't be averaged in ${blocks.groups} groups of one size.`,
      {
        field: 'featureTaps',
        fix: `Name a multiple of ${blocks.groups} feature taps, or set blocks and groups so.`,
      },
    );
  return Array.from({ length: blocks.groups }, (_, i) => taps.slice(i * size, (i + 1) * size));
}

/** What a group is called, and its size. */
export function joinedTap(group: readonly FeatureTapSummary[]): FeatureTapSummary {
  const [first, last] = [group[0], group.at(-1)] as [FeatureTapSummary, FeatureTapSummary];
  return group.length === 1 ? first : { ...first, name: `${first.name}-${last.name}` };
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
