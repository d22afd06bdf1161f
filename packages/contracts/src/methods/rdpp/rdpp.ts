/** @file RD++ (Tran Dinh et al., CVPR 2023) as a definition: RD4AD with projections, trained with noisy patches. */
import { z } from 'zod';
import { levelSizes, levelValues } from '../../training/feature-level.ts';
import { plannedSteps, trainedPart } from '../../training/trained-part.ts';
import { preparedImages } from '../image-settings.ts';
import { defineMethod } from '../method.ts';
import { assertHalvingLevels } from '../rd4ad/assert-levels.ts';
import { reverseNetwork, reverseSize, reverseWork } from '../rd4ad/network.ts';
import {
  RELEASED_REVERSED,
  reversedPresets,
  reversedScoreSeconds,
  reversedSettings,
  reversedStepSeconds,
} from '../rd4ad/reversed-settings.ts';
import { setting } from '../setting.ts';
import { residualWork } from '../stfpm.ts';
import { projectionSize, projectionWork } from './projections.ts';

const settings = {
  ...reversedSettings,
  learningRate: setting(z.number().gt(0).max(1), {
    label: 'Learning rate',
    hint: 'Of the reversed network; a tenth of it from 80 % of the steps on.',
    group: 'Training',
  }),
  projectionLearningRate: setting(z.number().gt(0).max(1), {
    label: 'Learning rate of the projections',
    hint: 'A tenth of it from 80 % of the steps on.',
    group: 'Training',
  }),
};
const everySetting = z.object(settings);

export type RdppPreset = Readonly<z.infer<typeof everySetting>>;

/** As released; passes and the fall of the rates as in ADer, since the released epochs were chosen by category on the test images. */
const PAPER: RdppPreset = { ...RELEASED_REVERSED, passes: 100, projectionLearningRate: 1e-3 };

/** Of the values of its levels, which scoring an image holds. */
const COPIES_OF_VALUES = 8;

/** What progress is told of. */
export const RDPP_PART = 'projections and reversed network';

export const rdpp = defineMethod({
  name: 'rdpp',
  title: 'RD++',
  about:
    'RD4AD with features that are first projected, by what it learns from noisy patches in the images. As published it needs a graphics card and hours.',
  reconstructs: false,
  crossFits: false,
  tilesAre: 'images',
  settings,
  memory: { of: 'executor', growsWith: ['batchSize', 'imageSizePx', 'network'] },
  presets: reversedPresets(PAPER),
  needs: ({ strides, ...preset }) => ({
    ...preparedImages(preset),
    labels: 'none',
    heldOut: false,
    input: { kind: 'featuresInStep', strides },
  }),
  assertLevels: (_, levels, { given }) => assertHalvingLevels('RD++', levels, given),
  cost(preset, work) {
    const { levels } = work;
    const { batchSize, steps } = plannedSteps(preset, work);
    const network = reverseNetwork(preset.network, levels);
    const [projected, rebuilt] = [projectionWork(levels), reverseWork(network)];
    // Each with both gradients; projections and backbone see the image with its noise as well.
    const image = 3 * rebuilt + 6 * projected + 2 * residualWork(levels, preset.imageSizePx);
    const parameters = reverseSize(network) + projectionSize(levels);
    const sizes = levelSizes(levels);
    return {
      scoreSeconds: reversedScoreSeconds(rebuilt + projected),
      scoreBytes: 4 * COPIES_OF_VALUES * levelValues(levels),
      size: `${preset.network}-${sizes}`,
      ...trainedPart(
        {
          part: RDPP_PART,
          key: `rdpp/${preset.network}/${preset.imageSizePx}/${sizes}/${batchSize}`,
          batchSize,
          steps,
          expectedSeconds: steps * reversedStepSeconds(batchSize * image, parameters),
        },
        work,
      ),
    };
  },
});
