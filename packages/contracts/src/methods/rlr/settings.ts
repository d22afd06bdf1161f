/** @file Settings of RLR (He et al., ECCV 2024, arXiv 2403.11561). */
import { z } from 'zod';
import { imageSettings, stridesSetting } from '../image-settings.ts';
import { setting } from '../setting.ts';

/**
 * Attention blocks: `mca` local cross attention to the reference, `nsa` masked learnable key attention; the others
 * are the paper's ablations (`ca` cross attention, `msa` neighbor-masked and `sa` plain self attention). In the order
 * in which the released code evaluates, and therefore numbers, them.
 */
export const RLR_BLOCKS = ['mca', 'ca', 'msa', 'nsa', 'sa'] as const;
export type RlrBlockName = (typeof RLR_BLOCKS)[number];
export const RLR_GATES = ['none', 'gate', 'net'] as const;
export const RLR_REFERENCE_MODES = ['fixed', 'released'] as const;
export const RLR_BALANCES = ['none', 'category', 'difficulty'] as const;
/** Sides of the token grids that a level may have. */
const GRIDS = ['8', '16', '24', '28', '32', '48', '56', '64'] as const;
export const RLR_OPTIMIZERS = ['adam', 'muon'] as const;
export const RLR_LEVEL_WEIGHTS = ['equal', 'heldOutRoot', 'heldOut'] as const;

const count = (max: number) => z.number().int().min(1).max(max);
/** By the side of a level's token grid. */
const byGrid = <T extends z.ZodType>(value: T) => z.partialRecord(z.enum(GRIDS), value);
const distinct = (values: readonly unknown[]) => new Set(values).size === values.length;

const features = {
  ...imageSettings,
  /** Feature levels when no taps are named: grids of 64, 32 and 16 tokens a side on images of 256 pixels. */
  strides: stridesSetting([4, 8, 16]),
  averagePool: setting(z.boolean(), {
    label: 'Average pooling of the features',
    hint: 'Over 3×3 patches, before anything is learned.',
    group: 'Features',
  }),
  whitening: setting(z.boolean(), {
    label: 'Whitening',
    hint: 'Takes mean and covariance of the training images out of the features before anything is learned, so that all directions count alike.',
    group: 'Features',
    before: false,
  }),
};

const network = {
  blocks: setting(z.array(z.enum(RLR_BLOCKS)).min(1).refine(distinct, 'Name each block once.'), {
    label: 'Attention blocks',
    hint: 'mca: local cross attention to the reference; nsa: masked learnable key attention; ca, msa and sa are the paper’s ablations.',
    group: 'Network',
  }),
  localGrids: setting(z.array(z.enum(GRIDS)).refine(distinct, 'Name each grid once.'), {
    label: 'Levels of local attention alone',
    hint: 'Sides of the grids whose level has mca as its only block. At a fine level the others cost most and teach least.',
    group: 'Network',
    before: [],
  }),
  gate: setting(z.enum(RLR_GATES), {
    label: 'Gate of the blocks',
    hint: 'How blocks are weighted: constant (none), learned (gate), or by a small network from each image (net).',
    group: 'Network',
  }),
  layers: setting(count(12), { label: 'Layers', group: 'Network' }),
  heads: setting(count(16), { label: 'Heads', group: 'Network' }),
  widths: setting(byGrid(count(2048).multipleOf(4)), {
    label: 'Widths',
    hint: 'By the side of a level’s grid. A multiple of the number of heads, too.',
    group: 'Network',
  }),
  referenceLength: setting(count(8), {
    label: 'References',
    hint: 'Maps that the network learns to rebuild features from.',
    group: 'Network',
  }),
  referenceMode: setting(z.enum(RLR_REFERENCE_MODES), {
    label: 'Who sees which reference',
    hint: 'With several references: fixed lets every block see all of them; released lets all except mca see only the last one, as in the released code.',
    group: 'Network',
  }),
};

const training = {
  steps: setting(byGrid(count(1_000_000)), {
    label: 'Steps',
    hint: 'Optimizer steps, by the side of a level’s grid. In place of steps per category and passes.',
    group: 'Training',
  }),
  stepsPerCategory: setting(byGrid(z.number().int().min(0).max(100_000)), {
    label: 'Steps per category',
    hint: 'Optimizer steps for each category, by the side of a level’s grid: more categories are trained longer.',
    group: 'Training',
  }),
  passes: setting(byGrid(z.number().min(0).max(10_000)), {
    label: 'Passes, at least',
    hint: 'How often training sees every image on average, at least, by the side of a level’s grid.',
    group: 'Training',
  }),
  batchSize: setting(count(256), { label: 'Batch size', unit: 'images', group: 'Training' }),
  optimizer: setting(z.enum(RLR_OPTIMIZERS), {
    label: 'Optimizer',
    hint: 'adam; or muon, which learns matrices in all directions at once, and the rest as adam does.',
    group: 'Training',
    before: 'adam',
  }),
  learningRate: setting(z.number().positive(), { label: 'Learning rate', group: 'Training' }),
  matrixLearningRates: setting(byGrid(z.number().positive()), {
    label: 'Learning rates of matrices',
    hint: 'Of muon, by the side of a level’s grid.',
    group: 'Training',
  }),
  warmupSteps: setting(z.number().int().min(0).max(100_000), {
    label: 'Warm-up steps',
    hint: 'Steps over which the learning rate rises from 0.',
    group: 'Training',
  }),
  cosineDecay: setting(z.boolean(), {
    label: 'Cosine decay',
    hint: 'Lets the learning rate fall to 0 toward the end.',
    group: 'Training',
  }),
  weightDecay: setting(z.number().min(0).max(1), { label: 'Weight decay', group: 'Training' }),
  earlyStopping: setting(z.boolean(), {
    label: 'Early stopping',
    hint: 'Ends a level when the loss on held-out normal images has stopped falling.',
    group: 'Training',
  }),
  balance: setting(z.enum(RLR_BALANCES), {
    label: 'Balance of categories',
    hint: 'How often a batch takes images of each category: as often as there are images (none), each category equally (category), or more of the categories with more to learn (difficulty).',
    group: 'Training',
  }),
  jitterScale: setting(z.number().min(0).max(100), {
    label: 'Jitter scale',
    hint: 'How much noise the features get in training.',
    group: 'Training',
  }),
  jitterProbability: setting(z.number().min(0).max(1), {
    label: 'Jittered share',
    hint: 'Share of the patches of each image that are jittered or masked.',
    group: 'Training',
  }),
  maskTokens: setting(z.boolean(), {
    label: 'Mask in place of jitter',
    hint: 'Sets patches to zero instead of adding noise.',
    group: 'Training',
  }),
  referenceLoss: setting(z.boolean(), {
    label: 'Loss between references',
    hint: 'Adds the mean cosine between references to the loss. Needs more than one.',
    group: 'Training',
  }),
};

const scoring = {
  cosineWeight: setting(z.number().min(0).max(1000), {
    label: 'Weight of the cosine',
    hint: 'In the score of a patch: mean squared difference plus so many times one minus the cosine.',
    group: 'Scoring',
    before: 1,
  }),
  /**
   * How the levels' scores become one map: their mean; or each divided first by its mean on held-out normal images
   * (`heldOut`) or by the square root of that mean (`heldOutRoot`), so that a level that has learned less of what is
   * normal counts for less.
   */
  levelWeights: setting(z.enum(RLR_LEVEL_WEIGHTS), {
    label: 'Weights of levels',
    hint: 'heldOut: a level counts for less the worse it rebuilds held-out normal images; heldOutRoot: half as much so.',
    group: 'Scoring',
  }),
};

export const rlrSettings = { ...features, ...network, ...training, ...scoring };

const everySetting = z.object(rlrSettings);
export type EveryRlrSetting = z.infer<typeof everySetting>;
export type RlrSettings = Partial<EveryRlrSetting>;
