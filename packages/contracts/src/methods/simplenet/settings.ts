/** @file The settings of SimpleNet (Liu et al., CVPR 2023, arXiv 2303.15140), with those that make it CRAS (arXiv 2505.17551). */
import { z } from 'zod';
import { budgetSettings, mostStepsSetting } from '../budget-settings.ts';
import { imageSettings, rotationSettings, stridesSetting } from '../image-settings.ts';
import { patchSettings } from '../patch-settings.ts';
import { setting } from '../setting.ts';

const count = (max: number) => z.number().int().min(1).max(max);
const rate = () => z.number().gt(0).max(1);

const network = {
  hidden: setting(count(4096), {
    label: 'Width of the discriminator',
    hint: 'Units of its hidden layer.',
    group: 'Network',
  }),
  layers: setting(z.literal([1, 2]), {
    label: 'Hidden layers of the discriminator',
    hint: 'A second one has two thirds of the units.',
    group: 'Network',
    before: 1,
  }),
  centers: setting(z.number().int().min(0).max(16), {
    label: 'Centers per category',
    hint: '0 as SimpleNet. More, as CRAS: a patch is also judged by how it differs from the most similar patch of the average of images like its own. The model file grows with them.',
    group: 'Network',
    before: 0,
  }),
};

const training = {
  noise: setting(z.number().gt(0).max(10), {
    label: 'Noise',
    hint: 'Standard deviation of what is added to normal patches to make anomalous ones. Smaller finds subtler defects and false ones.',
    group: 'Training',
  }),
  guidance: setting(z.number().min(0).max(1), {
    label: 'Guided noise',
    hint: 'With centers: how much the noise of a patch grows with its own length and shrinks with how far the patch is from its center; 0 is the same for all.',
    group: 'Training',
    before: 0,
  }),
  loss: setting(z.enum(['hinge', 'crossEntropy']), {
    label: 'Loss',
    hint: 'hinge, as SimpleNet; crossEntropy, as CRAS.',
    group: 'Training',
    before: 'hinge',
  }),
  ...budgetSettings,
  epochs: setting(count(10_000), {
    label: 'Epochs, at most',
    hint: 'How often training sees every image, at most: few images are soon learned.',
    group: 'Training',
  }),
  mostSteps: mostStepsSetting,
  batchSize: setting(count(256), { label: 'Batch size', unit: 'images', group: 'Training' }),
  adaptorRate: setting(rate(), { label: 'Learning rate of the adaptor', group: 'Training' }),
  discriminatorRate: setting(rate(), {
    label: 'Learning rate of the discriminator',
    group: 'Training',
  }),
  earlyStopping: setting(z.boolean(), {
    label: 'Early stopping',
    hint: 'Ends training when normal and noisy patches of held-out images are no longer told apart better.',
    group: 'Training',
  }),
};

export const simpleNetSettings = {
  ...imageSettings,
  ...rotationSettings,
  /** The finest gives the grid of patches. */
  strides: stridesSetting([4, 8, 16, 32]),
  ...patchSettings,
  ...network,
  ...training,
};
const everySetting = z.object(simpleNetSettings);

export type SimpleNetPreset = Readonly<z.infer<typeof everySetting>>;
