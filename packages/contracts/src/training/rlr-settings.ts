/** @file Settings of RLR that replace its preset's, each optional: what `plumb train --set key=value` takes. */
import { z } from 'zod';
import { imageSizeSchema } from './image-size.ts';
import { strictSettings } from './strict-settings.ts';

/**
 * Attention blocks: `mca` local cross attention to the reference, `nsa` masked learnable key attention; the others
 * are the paper's ablations (`ca` cross attention, `msa` neighbor-masked and `sa` plain self attention). In the order
 * in which the released code evaluates, and therefore numbers, them.
 */
export const RLR_BLOCKS = ['mca', 'ca', 'msa', 'nsa', 'sa'] as const;
export const RLR_GATES = ['none', 'gate', 'net'] as const;
export const RLR_REFERENCE_MODES = ['fixed', 'released'] as const;
export const RLR_BALANCES = ['none', 'category', 'difficulty'] as const;
export const RLR_LEVEL_WEIGHTS = ['equal', 'heldOutRoot', 'heldOut'] as const;
/** Strides of the feature levels: grids of 64, 32 and 16 tokens a side on images of 256 pixels. */
export const RLR_STRIDES = [4, 8, 16] as const;

const count = (max: number) => z.number().int().min(1).max(max);
/** By the side of a level's token grid. */
const byGrid = <T extends z.ZodType>(value: T) =>
  z.partialRecord(z.enum(['8', '16', '32', '64']), value);
const distinct = (values: readonly unknown[]) => new Set(values).size === values.length;

const shape = {
  /** As the run's own `imageSizePx`, which takes its place: kept so that runs of before are read. */
  imageSizePx: imageSizeSchema,
  /** 3×3 average pooling of the features. */
  averagePool: z.boolean(),
  /** Feature levels, finest first, when no taps are named. */
  strides: z.array(z.union(RLR_STRIDES.map((stride) => z.literal(stride)))).min(1),
  blocks: z.array(z.enum(RLR_BLOCKS)).min(1).refine(distinct, 'Name each block once.'),
  /** Weights of the blocks: constant (cross attention twice), learned, or by a small network from each image. */
  gate: z.enum(RLR_GATES),
  referenceLength: count(8),
  /** With more than one reference: `fixed` lets every block see all of them, `released` all but `mca` the last alone. */
  referenceMode: z.enum(RLR_REFERENCE_MODES),
  /** Adds the mean cosine between references to the loss. Needs `referenceLength` above 1. */
  referenceLoss: z.boolean(),
  layers: count(12),
  heads: count(16),
  /** Width of a level's network, a multiple of 4 and of `heads`. */
  widths: byGrid(count(2048).multipleOf(4)),
  /** Optimizer steps of a level. */
  steps: byGrid(count(1_000_000)),
  jitterScale: z.number().min(0).max(100),
  /** Share of the tokens of each image that are jittered, or masked. */
  jitterProbability: z.number().min(0).max(1),
  /** Sets tokens to zero in place of jittering them. */
  maskTokens: z.boolean(),
  batchSize: count(256),
  learningRate: z.number().positive(),
  /** Steps over which the learning rate rises from 0. */
  warmupSteps: z.number().int().min(0).max(100_000),
  cosineDecay: z.boolean(),
  weightDecay: z.number().min(0).max(1),
  /** Which images a batch gets: all alike, each category alike, or more of the categories with more to learn. */
  balance: z.enum(RLR_BALANCES),
  /** Ends a level when the loss on held-out normal images has stopped falling. */
  earlyStopping: z.boolean(),
  /**
   * How the levels' scores become one map: their mean; or each divided first by its mean on held-out normal images
   * (`heldOut`) or by the square root of that mean (`heldOutRoot`), so that a level that has learned less of what is
   * normal counts for less.
   */
  levelWeights: z.enum(RLR_LEVEL_WEIGHTS),
};

export const RLR_SETTING_NAMES = Object.keys(shape);

const everySetting = strictSettings('RLR', shape);
export type EveryRlrSetting = z.infer<typeof everySetting>;

export const rlrSettingsSchema = everySetting.partial();
export type RlrSettings = z.infer<typeof rlrSettingsSchema>;
