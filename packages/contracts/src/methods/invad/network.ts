/**
 * @file The network that InvAD trains beside the frozen backbone (Zhang et al., arXiv 2404.10760, as ADer has it): levels are fused
 * into style maps, and a decoder that starts from a learned constant rebuilds the levels, led by those alone. As lists of
 * convolutions, from which parameters, work and memory follow.
 */
import type { FeatureLevel } from '../../training/feature-level.ts';

/**
 * What follows a convolution: a batch normalization; a bias and a leaky ReLU of an equalized one; a bias alone that scales or
 * shifts; nothing.
 */
export type InvadKind = 'normalized' | 'active' | 'scale' | 'shift' | 'plain';

export interface InvadConvolution {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Side of its filters. */
  readonly kernel: number;
  /** What it does to the side of the grid: `shrink` by its kernel, `double` as a transposed one that is blurred. */
  readonly scale: 'shrink' | 'keep' | 'double';
  /** Side of the grid that it gives. */
  readonly grid: number;
  readonly kind: InvadKind;
  /** Whether a normalized one has a bias of its own. */
  readonly isBiased?: true;
}

/** Scale and shift of a map, by the style. */
export type InvadStyle = readonly [scale: InvadConvolution, shift: InvadConvolution];

export interface InvadBlock {
  readonly first: InvadConvolution;
  readonly second: InvadConvolution;
  readonly skip: InvadConvolution;
  /** Of what each convolution reads; one that doubles the grid is not led. */
  readonly styles: readonly [first: InvadStyle | null, second: InvadStyle];
}

export interface InvadStage {
  /** From the stage before it, a style map of this grid. */
  readonly style: readonly InvadConvolution[];
  /** Of the style map, what leads the blocks. */
  readonly latent: readonly InvadConvolution[];
  readonly blocks: readonly InvadBlock[];
}

export interface InvadLevel extends FeatureLevel {
  /** Its place among the levels that were given. */
  readonly index: number;
}

export interface InvadNetwork {
  /** Finest first, as `reductions`. */
  readonly levels: readonly InvadLevel[];
  /** Each level to the coarsest grid. */
  readonly reductions: readonly InvadConvolution[];
  /** All reduced levels to a style map; with a ReLU. */
  readonly join: InvadConvolution;
  /** A residual block on it, ReLU between and after. */
  readonly bottleneck: readonly InvadConvolution[];
  /** On the learned constant. */
  readonly start: InvadConvolution;
  /** Coarsest first: each gives the features of a level. */
  readonly stages: readonly InvadStage[];
}

/** Channels of style maps, of what leads blocks, and inner ones of the residual block. */
const STYLE = 64;
const LATENT = 16;
const INNER = 16;

/** @param levels Each on half the grid of another. In any order. */
export function invadNetwork(
  { blocks }: { readonly blocks: number },
  levels: readonly FeatureLevel[],
): InvadNetwork {
  const sorted = levels
    .map((level, index) => ({ ...level, index }))
    .sort((a, b) => b.grid - a.grid);
  const { grid, channels } = sorted.at(-1) as InvadLevel;
  const normalized = (name: string, inside: number, out: number, kernel: 1 | 3 = 1) =>
    convolution(name, 'normalized', [inside, out], { kernel, grid });
  return {
    levels: sorted,
    reductions: sorted.map((level) => ({
      ...convolution(`reduction${level.grid}`, 'normalized', [level.channels, level.channels], {
        ...{ kernel: level.grid / grid, scale: 'shrink', grid },
      }),
      isBiased: true,
    })),
    join: normalized(
      'join',
      sorted.reduce((sum, level) => sum + level.channels, 0),
      STYLE,
    ),
    bottleneck: [
      normalized('bottleneck.conv1', STYLE, INNER),
      normalized('bottleneck.conv2', INNER, INNER, 3),
      normalized('bottleneck.conv3', INNER, STYLE),
    ],
    start: convolution('start', 'active', [channels, channels], { kernel: 3, grid }),
    stages: [...sorted].reverse().map((level, stage, reversed) =>
      stageOf(`stages.${stage}`, blocks, {
        inChannels: reversed[stage - 1]?.channels ?? level.channels,
        outChannels: level.channels,
        scale: stage === 0 ? 'keep' : 'double',
        grid: level.grid,
      }),
    ),
  };
}

type Placing = Pick<InvadConvolution, 'kernel' | 'grid'> & Partial<Pick<InvadConvolution, 'scale'>>;

function convolution(
  name: string,
  kind: InvadKind,
  [inChannels, outChannels]: readonly [number, number],
  { kernel, grid, scale = 'keep' }: Placing,
): InvadConvolution {
  return { name, kind, inChannels, outChannels, kernel, grid, scale };
}

type Stack = Pick<InvadConvolution, 'inChannels' | 'outChannels' | 'grid'> & {
  readonly scale: 'keep' | 'double';
};

/** The first block changes grid and channels. */
function stageOf(name: string, blocks: number, stack: Stack): InvadStage {
  const { outChannels, scale, grid } = stack;
  const active = (part: string, out: number, change: 'keep' | 'double' = 'keep') =>
    convolution(`${name}.${part}`, 'active', [STYLE, out], { kernel: 3, scale: change, grid });
  const others = { ...stack, inChannels: outChannels, scale: 'keep' } as const;
  return {
    style: [active('style1', STYLE, scale), active('style2', STYLE)],
    latent: [active('latent1', STYLE), active('latent2', LATENT)],
    blocks: Array.from({ length: blocks }, (_, index) =>
      blockOf(`${name}.blocks.${index}`, index === 0 ? stack : others),
    ),
  };
}

function blockOf(name: string, { inChannels, outChannels, scale, grid }: Stack): InvadBlock {
  const styleOf = (part: string, channels: number): InvadStyle => [
    convolution(`${name}.${part}.scale`, 'scale', [LATENT, channels], { kernel: 3, grid }),
    convolution(`${name}.${part}.shift`, 'shift', [LATENT, channels], { kernel: 3, grid }),
  ];
  const sizes = [inChannels, outChannels] as const;
  return {
    first: convolution(`${name}.conv1`, 'active', sizes, { kernel: 3, scale, grid }),
    second: convolution(`${name}.conv2`, 'active', [outChannels, outChannels], { kernel: 3, grid }),
    skip: convolution(`${name}.skip`, 'plain', sizes, { kernel: 1, scale, grid }),
    styles: [
      scale === 'double' ? null : styleOf('style1', inChannels),
      styleOf('style2', outChannels),
    ],
  };
}

export function invadConvolutions(network: InvadNetwork): InvadConvolution[] {
  const { reductions, join, bottleneck, start, stages } = network;
  return [
    ...[...reductions, join, ...bottleneck, start],
    ...stages.flatMap(({ style, latent, blocks }) => [
      ...[...style, ...latent],
      ...blocks.flatMap(({ first, second, skip, styles }) => [
        ...[first, second, skip],
        ...styles.flatMap((pair) => pair ?? []),
      ]),
    ]),
  ];
}

/** Multiplications for an image. */
export function invadWork(network: InvadNetwork): number {
  return invadConvolutions(network).reduce((sum, one) => {
    const { grid, kernel, scale, inChannels, outChannels } = one;
    // Each number that a transposed convolution reads meets all of its filters.
    const places = (scale === 'double' ? grid / 2 : grid) ** 2;
    return sum + places * kernel ** 2 * inChannels * outChannels;
  }, 0);
}

/** Numbers that the convolutions give for an image. */
export function invadValues(network: InvadNetwork): number {
  return invadConvolutions(network).reduce(
    (sum, { grid, outChannels }) => sum + grid ** 2 * outChannels,
    0,
  );
}

/** Parameters of one convolution and what follows it. */
export function invadConvolutionSize(one: InvadConvolution): number {
  const { kernel, inChannels, outChannels, kind, isBiased } = one;
  const after = { normalized: 2, active: 1, scale: 1, shift: 1, plain: 0 }[kind];
  return kernel ** 2 * inChannels * outChannels + (after + (isBiased ? 1 : 0)) * outChannels;
}

/** With the learned constant. */
export function invadSize(network: InvadNetwork): number {
  const { start } = network;
  return invadConvolutions(network).reduce(
    (sum, one) => sum + invadConvolutionSize(one),
    start.grid ** 2 * start.inChannels,
  );
}
