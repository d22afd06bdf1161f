/** @file RD4AD, reverse distillation (Deng and Li, CVPR 2022, arXiv 2201.10703) as a definition: settings, presets and cost. */
import { z } from 'zod';
import { levelSizes, levelValues } from '../../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import { keepBestRebuilt, optimizerSettings } from '../budget-settings.ts';
import { keptTokens } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import { assertHalvingLevels } from './assert-levels.ts';
import { reverseNetwork, reverseSize, reverseWork } from './network.ts';
import {
  RELEASED_REVERSED,
  reversedPresets,
  reversedScoreSeconds,
  reversedSettings,
  reversedStepSeconds,
} from './reversed-settings.ts';

const settings = {
  ...reversedSettings,
  learningRate: optimizerSettings.learningRate,
  keepBest: keepBestRebuilt,
};
const everySetting = z.object(settings);

export type Rd4adPreset = Readonly<z.infer<typeof everySetting>>;

/** As released. */
const PAPER: Rd4adPreset = { ...RELEASED_REVERSED, passes: 200, keepBest: false };

/** Of the values of its levels, which scoring an image holds. */
const COPIES_OF_VALUES = 6;

export const rd4ad = defineMethod({
  name: 'rd4ad',
  title: 'RD4AD',
  about:
    'A reversed network rebuilds the backbone’s features from a narrow embedding, and fails where an image is not normal. Minutes to hours to learn.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'network'] },
  presets: reversedPresets(PAPER, { keepBest: true }),
  needs: (settings) => keptTokens(settings),
  assertLevels: (_, levels, { given }) => assertHalvingLevels('RD4AD', levels, given),
  cost(preset, work) {
    const { levels } = work;
    const { batchSize, steps } = plannedSteps(preset, work);
    const network = reverseNetwork(preset.network, levels);
    const forward = reverseWork(network);
    const sizes = levelSizes(levels);
    return {
      scoreSeconds: reversedScoreSeconds(forward),
      scoreBytes: 4 * COPIES_OF_VALUES * levelValues(levels),
      size: `${preset.network}-${sizes}`,
      ...trainedPart(
        {
          part: RD4AD_PART,
          key: `rd4ad/${preset.network}/${sizes}/${batchSize}`,
          batchSize,
          steps,
          // Forward and both gradients, then the optimizer.
          expectedSeconds:
            steps * reversedStepSeconds(3 * batchSize * forward, reverseSize(network)),
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const RD4AD_PART = 'reversed network';
