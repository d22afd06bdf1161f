/**
 * @file The network that RD4AD trains beside the frozen backbone (Deng and Li 2022, section 3, as released): levels are
 * reduced to the coarsest grid and embedded on half of it, and a reversed ResNet rebuilds them from there. As a list of
 * convolutions, from which parameters, work and memory follow. Each is followed by a batch normalization.
 */
import type { FeatureLevel } from '../../training/feature-level.ts';

export const REVERSED_NETWORKS = [
  'resnet18',
  'resnet34',
  'resnet50',
  'wideResnet50',
  'aderWideResnet50',
] as const;
export type ReversedNetwork = (typeof REVERSED_NETWORKS)[number];

export interface ReverseConvolution {
  readonly name: string;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Side of its filters; 2 is a transposed convolution of stride 2. */
  readonly kernel: 1 | 2 | 3;
  /** What it does to the side of the grid. */
  readonly scale: 'halve' | 'keep' | 'double';
  /** Side of the grid that it gives. */
  readonly grid: number;
}

/** ReLU between the convolutions and after the sum with the shortcut; without one, with what came in. */
export interface ReverseBlock {
  readonly convolutions: readonly ReverseConvolution[];
  readonly shortcut: ReverseConvolution | null;
}

export interface ReverseLevel extends FeatureLevel {
  /** Its place among the levels that were given. */
  readonly index: number;
}

export interface ReverseNetwork {
  /** Finest first. */
  readonly levels: readonly ReverseLevel[];
  /** For each level, those that take it to the coarsest grid, with a ReLU after each; none for the coarsest. */
  readonly reductions: readonly (readonly ReverseConvolution[])[];
  /** One-class bottleneck: all reduced levels, joined, to twice the channels of the coarsest on half its grid. */
  readonly embedding: readonly ReverseBlock[];
  /** Coarsest first: each gives the features of a level. */
  readonly stages: readonly (readonly ReverseBlock[])[];
}

interface Shape {
  readonly isBottleneck: boolean;
  /** Inner channels of a bottleneck block, over a quarter of its outer ones. */
  readonly embeddingWidth: number;
  readonly width: number;
  readonly embeddingBlocks: number;
  /** Of each stage, coarsest first; further ones have as many as the last. */
  readonly blocks: readonly [number, ...number[]];
}

const RESNET18: Shape = {
  ...{ isBottleneck: false, embeddingWidth: 1, width: 1 },
  ...{ embeddingBlocks: 2, blocks: [2] },
};
const RESNET50: Shape = {
  ...{ isBottleneck: true, embeddingWidth: 1, width: 1 },
  ...{ embeddingBlocks: 3, blocks: [3, 4, 6] },
};
const SHAPES: Readonly<Record<ReversedNetwork, Shape>> = {
  resnet18: RESNET18,
  resnet34: { ...RESNET18, embeddingBlocks: 3, blocks: [3, 4, 6] },
  resnet50: RESNET50,
  wideResnet50: { ...RESNET50, embeddingWidth: 2, width: 2 },
  /** The ADer benchmark (zhangzjn/ADer): the decoder is wide, the embedding is not. */
  aderWideResnet50: { ...RESNET50, width: 2 },
};

/** @param levels Each on half the grid of another, the coarsest on an even one. In any order. */
export function reverseNetwork(
  network: ReversedNetwork,
  levels: readonly FeatureLevel[],
): ReverseNetwork {
  const shape = SHAPES[network];
  const sorted = levels
    .map((level, index) => ({ ...level, index }))
    .sort((a, b) => b.grid - a.grid);
  const coarsest = sorted.at(-1) as ReverseLevel;
  const embedded = 2 * coarsest.channels;
  return {
    levels: sorted,
    reductions: sorted.map((level, place) => reductionOf(level, sorted.slice(place + 1))),
    embedding: blocksOf('embedding', shape.embeddingBlocks, {
      isBottleneck: shape.isBottleneck,
      width: shape.embeddingWidth,
      inChannels: coarsest.channels * sorted.length,
      outChannels: embedded,
      scale: 'halve',
      grid: coarsest.grid / 2,
    }),
    stages: [...sorted].reverse().map((level, stage, reversed) =>
      blocksOf(`stage${stage}`, shape.blocks[stage] ?? (shape.blocks.at(-1) as number), {
        isBottleneck: shape.isBottleneck,
        width: shape.width,
        inChannels: reversed[stage - 1]?.channels ?? embedded,
        outChannels: level.channels,
        scale: 'double',
        grid: level.grid,
      }),
    ),
  };
}

export function convolutionsOf(network: ReverseNetwork): ReverseConvolution[] {
  const blocks = [...network.embedding, ...network.stages.flat()];
  return [
    ...network.reductions.flat(),
    ...blocks.flatMap(({ convolutions, shortcut }) =>
      shortcut === null ? convolutions : [...convolutions, shortcut],
    ),
  ];
}

/** Multiplications for an image. */
export function reverseWork(network: ReverseNetwork): number {
  return convolutionsOf(network).reduce((sum, { grid, kernel, inChannels, outChannels }) => {
    // Each number that a transposed convolution gives is of one place of its filters.
    const places = kernel === 2 ? 1 : kernel ** 2;
    return sum + grid ** 2 * places * inChannels * outChannels;
  }, 0);
}

/** Parameters: filters, and scale and shift of each normalization. */
export function reverseSize(network: ReverseNetwork): number {
  return convolutionsOf(network).reduce(
    (sum, { kernel, inChannels, outChannels }) =>
      sum + kernel ** 2 * inChannels * outChannels + 2 * outChannels,
    0,
  );
}

/** Numbers that the convolutions give for an image. */
export function reverseValues(network: ReverseNetwork): number {
  return convolutionsOf(network).reduce(
    (sum, { grid, outChannels }) => sum + grid ** 2 * outChannels,
    0,
  );
}

function reductionOf(
  level: ReverseLevel,
  coarser: readonly ReverseLevel[],
): readonly ReverseConvolution[] {
  const before = [level, ...coarser];
  return coarser.map(({ grid, channels }, place) => ({
    name: `reduction${level.grid}.${place}`,
    inChannels: before[place]?.channels ?? channels,
    outChannels: channels,
    ...{ kernel: 3, scale: 'halve', grid },
  }));
}

interface Stack {
  readonly isBottleneck: boolean;
  readonly width: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly scale: 'halve' | 'double';
  /** After its first block. */
  readonly grid: number;
}

/** The first block changes grid and channels. */
function blocksOf(name: string, count: number, stack: Stack): ReverseBlock[] {
  const { inChannels, outChannels, scale, grid } = stack;
  const first = blockOf(`${name}.0`, { ...stack, scale });
  const shortcut: ReverseConvolution = {
    ...{ name: `${name}.0.shortcut`, inChannels, outChannels, scale, grid },
    kernel: scale === 'double' ? 2 : 1,
  };
  const others = Array.from({ length: count - 1 }, (_, index) => ({
    convolutions: blockOf(`${name}.${index + 1}`, {
      ...stack,
      inChannels: outChannels,
      scale: 'keep',
    }),
    shortcut: null,
  }));
  return [{ convolutions: first, shortcut }, ...others];
}

function blockOf(
  name: string,
  block: Omit<Stack, 'scale'> & Pick<ReverseConvolution, 'scale'>,
): ReverseConvolution[] {
  const { isBottleneck, width, inChannels, outChannels, scale, grid } = block;
  const spatial = { scale, grid, kernel: scale === 'double' ? 2 : 3 } as const;
  if (!isBottleneck)
    return [
      { name: `${name}.conv1`, inChannels, outChannels, ...spatial },
      { name: `${name}.conv2`, inChannels: outChannels, outChannels, ...KEPT, kernel: 3, grid },
    ];
  const inner = Math.max(1, Math.round(outChannels / 4)) * width;
  return [
    { name: `${name}.conv1`, inChannels, outChannels: inner, ...KEPT, grid: gridBefore(block) },
    { name: `${name}.conv2`, inChannels: inner, outChannels: inner, ...spatial },
    { name: `${name}.conv3`, inChannels: inner, outChannels, ...KEPT, grid },
  ];
}

const KEPT = { kernel: 1, scale: 'keep' } as const;

function gridBefore({ scale, grid }: Pick<ReverseConvolution, 'scale' | 'grid'>): number {
  if (scale === 'keep') return grid;
  return scale === 'double' ? grid / 2 : grid * 2;
}
