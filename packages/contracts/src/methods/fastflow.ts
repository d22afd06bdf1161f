/** @file FastFlow (Yu et al., arXiv 2111.07677) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { type FeatureLevel, levelSizes } from '../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../training/trained-part.ts';
import { batchSizeSetting, budgetSettings } from './budget-settings.ts';
import { flowSettings } from './flow-settings.ts';
import { imageSettings, keptTokens, stridesSetting, wholeImage } from './image-settings.ts';
import { defineMethod } from './method.ts';
import type { PresetName } from './preset.ts';
import { setting } from './setting.ts';

const settings = {
  ...imageSettings,
  strides: stridesSetting([4, 8, 16, 32]),
  ...flowSettings,
  kernels: setting(z.enum(['3', '3-1', '1']), {
    label: 'Kernels of the blocks',
    hint: '3 looks at 3×3 places in every block, as published for ResNet-18. 3-1 does in every second one, as published for larger backbones. 1 looks at each place alone.',
    group: 'Network',
  }),
  hiddenRatio: setting(z.number().min(0.05).max(4), {
    label: 'Width of the hidden layer',
    hint: 'Of each block, in shares of what it reads: half of the channels.',
    group: 'Network',
  }),
  ...budgetSettings,
  batchSize: batchSizeSetting(1),
};
const everySetting = z.object(settings);

export type FastflowPreset = Readonly<z.infer<typeof everySetting>>;

/** As the unofficial code has it for ResNet-18 (gathierry/FastFlow); there is no official one. */
const PAPER: FastflowPreset = {
  ...wholeImage(256),
  strides: [4, 8, 16],
  whitening: false,
  blocks: 8,
  kernels: '3',
  hiddenRatio: 1,
  stepsPerCategory: 0,
  passes: 500,
  batchSize: 32,
  learningRate: 1e-3,
  keepBest: true,
  score: 'likelihood',
  sigma: 0,
};

/** Minutes in place of hours: half of the blocks and cheaper ones, whitened features, four times the learning rate. */
const QUICK: FastflowPreset = {
  ...PAPER,
  strides: [8, 16],
  whitening: true,
  blocks: 4,
  kernels: '3-1',
  stepsPerCategory: 25,
  passes: 1,
  batchSize: 4,
  learningRate: 4e-3,
  score: 'logLikelihood',
  sigma: 4,
};

const presets: Readonly<Record<PresetName, FastflowPreset>> = {
  paper: PAPER,
  quick: QUICK,
  /** The coarse grid alone. */
  edge: { ...QUICK, strides: [16] },
  tiny: { ...QUICK, imageSizePx: 128 },
};

/** Seconds for 10⁹ multiplications of a training step, and of a scored image. */
const STEP_SECONDS = 0.04;
const SCORE_SECONDS = 0.03;
/** Of the values of a level, which its flow holds when it scores an image. */
const COPIES_OF_VALUES = 6;

/** What progress is told of. */
export const FASTFLOW_PART = 'flows';

export const fastflow = defineMethod({
  name: 'fastflow',
  title: 'FastFlow',
  about:
    'Learns how likely whole feature maps are, by convolutional flows. Minutes to hours to learn; weak with many categories.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['batchSize', 'blocks', 'imageSizePx'] },
  presets,
  needs: (settings) => keptTokens(settings),
  cost(preset, work) {
    const { levels } = work;
    const { batchSize, steps } = plannedSteps(preset, work);
    const forward = levels.reduce((sum, level) => sum + levelWork(preset, level), 0);
    const sizes = levelSizes(levels);
    return {
      scoreSeconds: (forward * SCORE_SECONDS) / 1e9,
      scoreBytes:
        4 *
        COPIES_OF_VALUES *
        Math.max(...levels.map(({ grid, channels }) => grid ** 2 * channels)),
      size: `${preset.blocks}-${preset.kernels}-${sizes}`,
      ...trainedPart(
        {
          part: FASTFLOW_PART,
          key: `fastflow/${sizes}/${preset.blocks}/${preset.kernels}/${preset.hiddenRatio}/${batchSize}`,
          batchSize,
          steps,
          expectedSeconds: (steps * 3 * batchSize * forward * STEP_SECONDS) / 1e9,
        },
        work,
      ),
    };
  },
});

/** Side of a block's two kernels. @param block 0-based. */
export function fastflowKernel({ kernels }: Pick<FastflowPreset, 'kernels'>, block: number) {
  return kernels === '1' || (kernels === '3-1' && block % 2 === 1) ? 1 : 3;
}

export interface FastflowWidths {
  /** Channels that a block keeps and reads, C − ⌊C/2⌋; it changes the others. */
  readonly kept: number;
  readonly hidden: number;
}

/** @param channels C. */
export function fastflowWidths(
  { hiddenRatio }: Pick<FastflowPreset, 'hiddenRatio'>,
  channels: number,
): FastflowWidths {
  const kept = channels - Math.floor(channels / 2);
  return { kept, hidden: Math.max(1, Math.floor(kept * hiddenRatio)) };
}

/** Multiplications of a level's flow for an image. */
function levelWork(preset: FastflowPreset, { grid, channels }: FeatureLevel): number {
  const { kept, hidden } = fastflowWidths(preset, channels);
  const perTap = hidden * (kept + 2 * (channels - kept));
  const taps = Array.from(
    { length: preset.blocks },
    (_, block) => fastflowKernel(preset, block) ** 2,
  );
  return taps.reduce((sum, count) => sum + count * perTap, 0) * grid ** 2;
}
