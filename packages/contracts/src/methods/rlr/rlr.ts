/** @file RLR (He et al., ECCV 2024, arXiv 2403.11561) as a definition. */
import { IMAGENET_COLORS } from '../../training/fit-needs.ts';
import { defineMethod, type FitCost } from '../method.ts';
import { settingError } from '../setting-error.ts';
import { assertRlrLevels } from './assert-levels.ts';
import { planRlrLevels } from './level-plans.ts';
import { RLR_PRESETS, type RlrLevelPreset, type RlrPreset } from './presets.ts';
import { type RlrSettings, rlrSettings } from './settings.ts';

/** Seconds for 10⁹ multiplications of a training step, which takes about three forward passes. */
const STEP_SECONDS = 0.042;

export const rlr = defineMethod({
  name: 'rlr',
  title: 'RLR',
  about:
    'Rebuilds features from a learned reference. Small and fast models; learning takes minutes to hours.',
  reconstructs: true,
  crossFits: false,
  settings: rlrSettings,
  presets: RLR_PRESETS,
  merge: mergeSettings,
  needs: ({ imageSizePx, averagePool, strides, earlyStopping, levelWeights }) => ({
    preprocessing: { imageSizePx, ...IMAGENET_COLORS },
    labels: 'balance',
    heldOut: earlyStopping || levelWeights !== 'equal',
    input: { kind: 'tokens', strides, averagePool, access: 'random' },
  }),
  assertLevels: assertRlrLevels,
  cost(preset, { levels, images, maxSteps }): FitCost {
    const plans = planRlrLevels(preset, levels, { images, maxSteps });
    const single = planRlrLevels(preset, levels, { images, maxSteps: 1 });
    const forward = single.reduce((sum, { work, batchSize }) => sum + work / batchSize, 0);
    return {
      scoreSeconds: (forward * STEP_SECONDS) / 3e9,
      size: `${preset.layers}-${levels.map(({ grid }) => preset.levels[grid]?.width).join('-')}`,
      parts: plans.map(({ tap, network, batchSize, steps, work }) => {
        const { grid, width, layers, channels, blocks } = network;
        return {
          ...{ stage: 'fit', part: tap, units: steps },
          key: `rlr/${grid}/${channels}/${width}/${layers}/${blocks.join('-')}/${batchSize}`,
          expectedSeconds: (STEP_SECONDS * work) / 1e9,
        };
      }),
    };
  },
});

/** Widths and steps are by level in a preset. */
function mergeSettings(preset: RlrPreset, { widths, steps, ...rest }: RlrSettings): RlrPreset {
  const levels = Object.fromEntries(
    Object.entries(preset.levels).map(([grid, level]) => [
      grid,
      replaceLevel(level, widths?.[grid as '16'], steps?.[grid as '16']),
    ]),
  );
  const merged = { ...preset, ...rest, levels };
  if (merged.referenceLoss && merged.referenceLength === 1)
    throw settingError(['referenceLoss'], 'It compares references: set referenceLength above 1.');
  return merged;
}

function replaceLevel(
  level: RlrLevelPreset,
  width: number | undefined,
  steps: number | undefined,
): RlrLevelPreset {
  return {
    ...level,
    ...(width === undefined ? {} : { width }),
    ...(steps === undefined ? {} : { minSteps: steps, maxSteps: steps }),
  };
}
