/** @file What a fit needs, as its method says before anything is opened: how images are prepared, labels, and what it reads. */

/** A canvas that squares cover, row by row. */
export interface TileGrid {
  readonly rows: number;
  readonly columns: number;
  /** Pixels that neighbors share, at most half a tile. */
  readonly overlapPx: number;
}

/** How an image becomes what the backbone sees: resized, cut into tiles, (x / 255 − mean) / std per channel. */
export interface Preprocessing {
  /** Side of the square that the backbone sees: the whole image, or a tile of it. */
  readonly imageSizePx: number;
  /** Absent: the whole image is the square. */
  readonly tiles?: TileGrid;
  /** Of R, G and B in 0..1. */
  readonly mean: Rgb;
  readonly std: Rgb;
}

type Rgb = readonly [red: number, green: number, blue: number];

/** Of ImageNet's images, which backbones are trained with. */
export const IMAGENET_COLORS: Pick<Preprocessing, 'mean' | 'std'> = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** Of a backbone whose taps are alike but for their depth: a vision transformer. Its position in the image is the same in all. */
export interface BlockTaps {
  /** Of its middle blocks, evenly spread, when no taps are named. */
  readonly count: number;
  /** They are averaged in so many groups, in their order: what is kept and scored are these means. */
  readonly groups: number;
  /**
   * The class token and the registers, which stand before the patches. `keep`: averaged over the blocks, as one more tap
   * (`FIRST_TOKENS`). `recenter`: the class token is subtracted from its block's patches.
   */
  readonly firstTokens: 'keep' | 'drop' | 'recenter';
}

/** What is tapped when no taps are named. */
export interface TappedInput {
  /** Strides of the taps that are taken, finest first; empty for a method that reads a vision transformer alone. */
  readonly strides: readonly number[];
  /** Of a vision transformer instead; what it taps by default when absent. */
  readonly blocks?: BlockTaps;
}

/** Features of every image, computed once for the whole fit. */
export interface TokensInput extends TappedInput {
  readonly kind: 'tokens';
  /** Whether features are 3×3 average-pooled before they become tokens. */
  readonly averagePool: boolean;
  /**
   * `inOrder`: a few passes, each over images in their order. Each fold's images are passed over again: PatchCore reads
   * an image twice, PaDiM and retrieval three times. `random`: batches of any images, many times.
   */
  readonly access: 'inOrder' | 'random';
}

/** Images themselves; the frozen backbone is part of each recorded step, so that no features are kept. */
export interface FeaturesInStepInput extends TappedInput {
  readonly kind: 'featuresInStep';
}

export type FitInput = TokensInput | FeaturesInStepInput;

export interface FitNeeds {
  readonly preprocessing: Preprocessing;
  /**
   * What a fit may know of the categories: nothing, to balance between them, or to fit each by itself. Scoring never sees
   * them.
   */
  readonly labels: 'none' | 'balance' | 'group';
  /** Whether fitting looks at the held-out normal images. */
  readonly heldOut: boolean;
  /** Training also sees every picture turned by quarters; scoring sees it as it is. */
  readonly rotations?: 1 | 4;
  readonly input: FitInput;
}

/** Whether what a method scores is average-pooled: in training and in the exported graph alike. */
export function isAveragePooled({ input }: Pick<FitNeeds, 'input'>): boolean {
  return input.kind === 'tokens' && input.averagePool;
}
