/** @file Dinomaly as a definition: presets and cost. What each preset costs and reaches: README.md of the method. */
import { levelSizes } from '../../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import { mapPresets, RELEASED_MAPS } from '../map-presets.ts';
import { defineMethod } from '../method.ts';
import {
  assertMapLevels,
  mapNetwork,
  mapScoreBytes,
  mapScoreSeconds,
  mapStepSeconds,
  middleMapNeeds,
} from '../middle-maps.ts';
import { settingError } from '../setting-error.ts';
import { type DinomalyPreset, dinomalySettings } from './settings.ts';

/** As released: 10,000 steps, hours of a graphics card. */
const PAPER: DinomalyPreset = {
  ...RELEASED_MAPS,
  firstTokens: 'keep',
  dropout: 0.2,
  easyShare: 0.9,
  easyWeight: 0.1,
  easySteps: 1000,
  stepsPerCategory: 10_000,
  passes: 1,
  mostSteps: 10_000,
  learningRate: 2e-3,
  lastLearningRate: 2e-4,
};

const presets = mapPresets(PAPER, {
  firstTokens: 'drop',
  /** The published 0.2 lets defects through: such features are easier to pass on (README). */
  dropout: 0.6,
  easySteps: 100,
});

export const dinomaly = defineMethod({
  name: 'dinomaly',
  title: 'Dinomaly',
  about:
    'A plain transformer behind a noisy bottleneck rebuilds the middle blocks of a vision transformer, loosely. The most accurate of the compared methods with DINOv2 and a graphics card; with the embedded backbones a variant.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings: dinomalySettings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'layers'] },
  presets,
  needs: (preset) => middleMapNeeds(preset, preset.firstTokens),
  assertLevels(preset, levels) {
    assertMapLevels('Dinomaly', preset, levels);
    if (preset.whitening && preset.firstTokens === 'keep')
      throw settingError(
        ['whitening'],
        'Class and register tokens are not whitened, and would no longer be of the patches’ kind. Set firstTokens to drop as well.',
      );
  },
  cost(preset, work) {
    const { levels } = work;
    const network = mapNetwork(preset, levels);
    const { batchSize, steps } = plannedSteps(preset, work);
    const size = `${preset.layers}-${network.heads}-${levelSizes(levels)}`;
    return {
      scoreSeconds: mapScoreSeconds(network),
      scoreBytes: mapScoreBytes(network),
      size,
      ...trainedPart(
        {
          part: DINOMALY_PART,
          key: `dinomaly/${size}/${batchSize}/${preset.optimizer}`,
          ...{ batchSize, steps },
          expectedSeconds: steps * mapStepSeconds(network, batchSize),
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const DINOMALY_PART = 'decoder';
