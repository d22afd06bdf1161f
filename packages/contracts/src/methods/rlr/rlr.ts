/** @file RLR (He et al., ECCV 2024, arXiv 2403.11561) as a definition. */

import { plannedCoverage } from '../../training/coverage.ts';
import { preparedImages } from '../image-settings.ts';
import { defineMethod, type FitCost, withoutUndefined } from '../method.ts';
import { settingError } from '../setting-error.ts';
import { assertRlrLevels } from './assert-levels.ts';
import { planRlrLevels } from './level-plans.ts';
import { rlrLevelPreset } from './network.ts';
import { RLR_PRESETS, type RlrPreset } from './presets.ts';
import { type RlrSettings, rlrSettings } from './settings.ts';

/** Seconds for 10⁹ multiplications of a training step, which takes about three forward passes. */
const STEP_SECONDS = 0.042;

/** Attention maps `[heads, L, L]` at once when an image is scored: by the memory of quick at 32×32, 200 MB an image. */
const MAPS_IN_WORK = 6;

export const rlr = defineMethod({
  name: 'rlr',
  title: 'RLR',
  about:
    'Rebuilds features from a learned reference. Small and fast models; learning takes minutes to hours.',
  reconstructs: true,
  crossFits: false,
  tilesAre: 'images',
  settings: rlrSettings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx'] },
  presets: RLR_PRESETS,
  merge: mergeSettings,
  needs: ({ averagePool, strides, earlyStopping, levelWeights, ...images }) => ({
    ...preparedImages(images),
    labels: 'balance',
    heldOut: earlyStopping || levelWeights !== 'equal',
    input: { kind: 'tokens', strides, averagePool, access: 'random' },
  }),
  assertLevels: assertRlrLevels,
  cost(preset, { levels, images, categoryImages, maxSteps }): FitCost {
    const training = { images, categories: categoryImages.length };
    const plans = planRlrLevels(preset, levels, { ...training, maxSteps });
    const single = planRlrLevels(preset, levels, { ...training, maxSteps: 1 });
    const forward = single.reduce((sum, { work, batchSize }) => sum + work / batchSize, 0);
    return {
      scoreSeconds: (forward * STEP_SECONDS) / 3e9,
      scoreBytes: Math.max(
        ...plans.map(({ network }) => 4 * MAPS_IN_WORK * network.heads * network.grid ** 4),
      ),
      size: `${preset.layers}-${levels.map(({ grid }) => rlrLevelPreset(preset, grid).width).join('-')}`,
      coverage: plans.map(({ tap, batchSize, steps }) =>
        plannedCoverage({
          ...{ part: tap, categoryImages, drawn: steps * batchSize },
          balanced: preset.balance !== 'none',
        }),
      ),
      parts: plans.map(({ tap, network, batchSize, steps, work }) => {
        const { grid, width, layers, channels, blocks } = network;
        return {
          ...{ stage: 'fit', part: tap, units: steps },
          key: `rlr/${grid}/${channels}/${width}/${layers}/${blocks.join('-')}/${batchSize}${preset.optimizer === 'muon' ? '/muon' : ''}`,
          expectedSeconds: (STEP_SECONDS * work) / 1e9,
        };
      }),
    };
  },
});

/** Widths and steps are by level in a preset. */
function mergeSettings(preset: RlrPreset, given: RlrSettings): RlrPreset {
  const { widths, steps, stepsPerCategory, passes, matrixLearningRates, ...rest } = given;
  const named = [widths, steps, stepsPerCategory, passes, matrixLearningRates].flatMap((byGrid) =>
    Object.keys(byGrid ?? {}),
  );
  const levels = Object.fromEntries(
    [...new Set([...Object.keys(preset.levels), ...named])].map((side) => {
      const grid = side as '16';
      const level = rlrLevelPreset(preset, Number(side));
      const replacing = {
        ...{ width: widths?.[grid], steps: steps?.[grid] },
        ...{ stepsPerCategory: stepsPerCategory?.[grid], passes: passes?.[grid] },
        matrixLearningRate: matrixLearningRates?.[grid],
      };
      return [side, { ...level, ...withoutUndefined(replacing) }];
    }),
  );
  // Blocks that are asked for are meant for every level, unless it is said which are local.
  const localGrids = rest.localGrids ?? (rest.blocks === undefined ? preset.localGrids : []);
  const merged = { ...preset, ...rest, localGrids, levels };
  if (merged.referenceLoss && merged.referenceLength === 1)
    throw settingError(['referenceLoss'], 'It compares references: set referenceLength above 1.');
  return merged;
}
