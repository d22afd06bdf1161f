/** @file What a method is to those that fit and export it: features or images in, a graph of patch scores out. */
import type {
  Executor,
  FeatureLevel,
  GivenSettings,
  MethodDefinition,
  PresetName,
  TrainingCoverage,
} from '@plumbline/contracts';
import type { Backbone } from '../backbones/backbone.ts';
import type { CheckpointStore } from '../training/fit-state.ts';
import type { AvailableMemory } from './memory.ts';

export type { FeatureLevel };

/** Features of the training images, wherever they are kept. */
export interface FeatureSource {
  /** Images. */
  readonly count: number;
  /** Category of each image, empty where the method needs no labels. Scoring never sees it. */
  readonly categories: readonly string[];
  /**
   * Copies the tokens of some images.
   * @param level Index of the level.
   * @param images Image indices.
   * @param out f32 `[images.length, grid², channels]`, filled.
   */
  read(level: number, images: Int32Array, out: Float32Array): void;
}

/**
 * Features of the training images that are not kept: they are computed as they are asked for, so that reading them
 * again computes them again.
 */
export interface FeatureStream extends Pick<FeatureSource, 'count' | 'categories'> {
  /**
   * The tokens of some images, in their order.
   * @param size Images of a batch; the last one may have fewer.
   * @returns For each batch and level f32 `[images, grid², channels]`, valid until the next batch.
   */
  batches(images: Int32Array, size: number): AsyncIterable<readonly Float32Array[]>;
}

/** A method that reads in order takes either; one of random access what is kept (`keptFeatures`). */
export type Features = FeatureSource | FeatureStream;

/** Training images as the backbone sees them, S pixels a side. */
export interface ImageSource {
  /** Images. */
  readonly count: number;
  /** @param out f32 `[images.length, 3, S, S]`, normalized RGB, filled. */
  read(images: Int32Array, out: Float32Array): Promise<void>;
}

export interface FitProgress {
  /** What is being fitted: a feature tap, or a part of the method such as "memory bank". */
  readonly part: string;
  readonly step: number;
  readonly steps: number;
  /** Null for a part that minimizes nothing. */
  readonly loss: number | null;
  /** 0 to 1 over all parts, by estimated work. */
  readonly fraction: number;
}

/** Parts of the images, each to be scored by a fit to all the others. */
export interface Folds {
  /** How many. */
  readonly count: number;
  /** Of each image, or −1: the image is part of every fit and gets no score. */
  readonly of: Int32Array;
  /** Of each image whether it is scored: the others are left out with their fold all the same. All are when absent. */
  readonly isScored?: Uint8Array;
}

/** What every fit is told. */
export interface FitBasics extends AvailableMemory {
  readonly preset: PresetName;
  readonly seed: number;
  readonly maxSteps?: number;
  /** In place of the preset's. */
  readonly settings?: GivenSettings | undefined;
  readonly levels: readonly FeatureLevel[];
  /** How many there are among the images. */
  readonly categories: number;
  readonly executor: Executor;
  readonly checkpoints: CheckpointStore;
  /** Milliseconds between checkpoints. Default: 10 s and more, so that they cost a hundredth of the time at most. */
  readonly checkpointEveryMs?: number;
  /** Awaited after every step. */
  onProgress(progress: FitProgress): void | Promise<void>;
  readonly signal?: AbortSignal;
  /** A sentence for the run's log. */
  log?(text: string): void | Promise<void>;
}

export interface FitOptions extends FitBasics {
  readonly features: Features;
  /** Held-out normal images: the network is never trained on them. */
  readonly heldOut?: FeatureSource;
  /** For a method that `crossFits`: the images are also scored by fits without their fold. */
  readonly folds?: Folds;
  /** So many images that follow each other are of one picture: nothing of it may score it. Default 1. */
  readonly views?: number;
}

/** For a method that computes features in its steps. */
export interface ImageFitOptions extends FitBasics {
  readonly images: ImageSource;
  /** Held-out normal images. */
  readonly heldOut?: ImageSource;
  readonly backbone: Pick<Backbone, 'name' | 'model' | 'featureTaps'>;
}

/** How a smoothed map becomes one number. */
export type ImageScoreRule =
  | { readonly kind: 'max' }
  /** Mean of the largest values, this share of all: at least one. */
  | { readonly kind: 'topShare'; readonly share: number }
  /** Mean of so many of the largest values, among those at every so manyth place of rows and columns. */
  | { readonly kind: 'largest'; readonly count: number; readonly every: number }
  /** Largest mean of a square of so many pixels a side. */
  | { readonly kind: 'pooledMax'; readonly side: number };

/** How patch scores become the anomaly map and the image score. */
export interface MapRule {
  /** Side of the patch grid of each score output; an output of the image's side is a whole map. */
  readonly grids: readonly number[];
  /** Corner alignment of the bilinear enlargement. */
  readonly alignCorners: boolean;
  /** Whether the anomaly map itself is the smoothed one, or as it is. */
  readonly smoothed: boolean;
  /** Of the enlarged grids, pixel by pixel. Default mean. */
  readonly combine?: 'mean' | 'sum' | 'product';
  /** σ of the Gaussian filter of the smoothed map, pixels, 0 for none. Default `SMOOTHING_SIGMA`. */
  readonly sigma?: number;
  /** Where the filter's kernel ends, pixels. Default 4 σ. */
  readonly radius?: number;
  /** Default the maximum. */
  readonly imageScore?: ImageScoreRule;
}

/** As RLR's released code. */
export const SMOOTHING_SIGMA = 4;

export interface FittedMethod {
  /**
   * Graph with inputs as `inputs` says and outputs `scores0…` f32 `[N, P]`, one for each of `map.grids`, batch open.
   * Its inputs: `tokens0…` f32 `[N, L, C]`, one per feature level.
   */
  readonly graph: Uint8Array;
  /** `tokens`: those alone. `image`: also `pixels` f32 `[N, 3, S, S]`, what the backbone sees. */
  readonly inputs: 'tokens' | 'image';
  /** The graph takes all tiles of an image together, `[N·T, L, C]` to `[N·T, P]`; any tile when absent. */
  readonly tilesTogether?: true;
  /**
   * Traces what the method expects in place of given features: inputs as `graph`, outputs `reconstructions0…` f32
   * `[N, L, C]`. Left out by a method that reconstructs nothing.
   */
  readonly reconstructions?: () => Uint8Array;
  readonly map: MapRule;
  /**
   * For each output of the graph the patch scores of the training images, each by a fit without its fold, f32
   * `[images, P]`; NaN for images of no fold, and for those that no fit could be without. Left out when there are no `folds`.
   */
  readonly foldScores?: readonly Float32Array[];
  /**
   * The same, made to tell images apart that do not belong: the score of an image is the maximum of its smoothed map, whatever the
   * map rule says, and no threshold rests on it. `foldScores` do both when absent.
   */
  readonly suspectScores?: readonly Float32Array[];
  /** What `extend` goes on from beside the exported graph. Left out where images can't be added. */
  readonly state?: Uint8Array;
  /** What each part that was trained saw of the images. */
  readonly coverage: readonly TrainingCoverage[];
  /** All settings that made it, for the bundle's manifest. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Sentences for the run's log: what was kept, what was left out. */
  readonly notes?: readonly string[];
}

/** What is known of a fit before there are features. */
export interface PlannedFit
  extends Pick<
    FitOptions,
    'preset' | 'settings' | 'maxSteps' | 'levels' | 'folds' | keyof AvailableMemory
  > {
  readonly images: number;
  readonly categories: number;
}

export type PlannedImageFit = Pick<
  ImageFitOptions,
  'preset' | 'settings' | 'maxSteps' | 'levels' | 'categories' | 'backbone' | keyof AvailableMemory
> &
  Pick<PlannedFit, 'images'>;

interface MethodOf<Reads extends string, Options, Planned> {
  /** What its definition `needs` as input: features that are computed once, or images. */
  readonly reads: Reads;
  /** Its name, settings and presets, which everyone who plans a run knows. */
  readonly definition: MethodDefinition;
  /** @throws DomainError INVALID_INPUT when fitting would take more than `memoryBytes`, or can't be done with the backbone. */
  assertMemory(fit: Planned): void;
  fit(options: Options): Promise<FittedMethod>;
}

/** A fit that others go on from. */
export interface FittedParent {
  /** `model.onnx`. */
  readonly model: Uint8Array;
  /** As `FittedMethod.state`. */
  readonly state: Uint8Array;
}

/** What is added to a fit. */
export interface ExtendOptions extends Omit<FitOptions, 'heldOut' | 'folds'> {
  /** Of the added images alone. */
  readonly features: Features;
  /** Of all images, the parent's first, in its order. */
  readonly folds: Folds;
  readonly parent: FittedParent;
}

export interface TokensMethod extends MethodOf<'tokens', FitOptions, PlannedFit> {
  /** Adds images to a fit, without fitting again. Left out by a method that can't. */
  readonly extend?: (options: ExtendOptions) => Promise<FittedMethod>;
}
export type ImagesMethod = MethodOf<'images', ImageFitOptions, PlannedImageFit>;
export type Method = TokensMethod | ImagesMethod;
