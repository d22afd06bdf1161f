/** @file INP-Former as a definition: presets and cost. What each preset costs and reaches: README.md of the method. */
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
import { type InpFormerPreset, inpFormerSettings } from './settings.ts';

/** As released: 200 passes, many hours of a graphics card. */
const PAPER: InpFormerPreset = {
  ...RELEASED_MAPS,
  prototypes: 6,
  coherence: 0.2,
  miningPower: 3,
  stepsPerCategory: 0,
  passes: 200,
  learningRate: 1e-3,
  lastLearningRate: 1e-4,
};

const presets = mapPresets(PAPER, { learningRate: 2e-3 });

export const inpformer = defineMethod({
  name: 'inpformer',
  title: 'INP-Former',
  about:
    'A transformer rebuilds an image’s features of a few prototypes that it draws from the image itself. As accurate as Dinomaly with DINOv2 and a graphics card; with the embedded backbones a variant.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings: inpFormerSettings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'layers'] },
  presets,
  needs: (preset) => middleMapNeeds(preset, 'drop'),
  assertLevels: (preset, levels) => assertMapLevels('INP-Former', preset, levels),
  cost(preset, work) {
    const { levels } = work;
    const network = mapNetwork(preset, levels);
    const { batchSize, steps } = plannedSteps(preset, work);
    const size = `${preset.layers}-${network.heads}-${preset.prototypes}-${levelSizes(levels)}`;
    return {
      scoreSeconds: mapScoreSeconds(network),
      scoreBytes: mapScoreBytes(network),
      size,
      ...trainedPart(
        {
          part: INPFORMER_PART,
          key: `inpformer/${size}/${batchSize}/${preset.optimizer}`,
          ...{ batchSize, steps },
          expectedSeconds: steps * mapStepSeconds(network, batchSize),
        },
        work,
      ),
    };
  },
});

/** What progress is told of. */
export const INPFORMER_PART = 'prototypes and decoder';
