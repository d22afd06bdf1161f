/** @file How long a method trains by gradients, as settings: steps grow with the categories, and no image is left out. */
import { z } from 'zod';
import { setting } from './setting.ts';

export const budgetSettings = {
  stepsPerCategory: setting(z.number().int().min(0).max(100_000), {
    label: 'Steps per category',
    hint: 'Optimizer steps for each category: more categories are trained longer.',
    group: 'Training',
  }),
  passes: setting(z.number().min(0).max(10_000), {
    label: 'Passes, at least',
    hint: 'How often training sees every image, at least.',
    group: 'Training',
  }),
};

export const mostStepsSetting = setting(z.number().int().min(1).max(1_000_000), {
  label: 'Steps, at most',
  group: 'Training',
});

/** @param least Two where a batch is normalized. */
export function batchSizeSetting(least: 1 | 2) {
  return setting(z.number().int().min(least).max(256), {
    label: 'Batch size',
    hint: 'Memory grows with it.',
    unit: 'images',
    group: 'Training',
  });
}

/** @param hint What is kept. */
export function keepBestSetting(hint: string) {
  return setting(z.boolean(), { label: 'Keep the best state', hint, group: 'Training' });
}

export const keepBestRebuilt = keepBestSetting(
  'Keeps the network that rebuilt held-out normal images best, not that of the last step.',
);

export const optimizerSettings = {
  optimizer: setting(z.enum(['adamw', 'muon']), {
    label: 'Optimizer',
    hint: 'adamw; or muon, which learns matrices in all directions at once, and the rest as adamw does.',
    group: 'Training',
  }),
  learningRate: setting(z.number().gt(0).max(1), { label: 'Learning rate', group: 'Training' }),
  matrixLearningRate: setting(z.number().gt(0).max(1), {
    label: 'Learning rate of matrices',
    hint: 'Of muon.',
    group: 'Training',
  }),
};

export const clipNormSetting = setting(z.number().gt(0).max(1000).nullable(), {
  label: 'Largest gradient norm',
  hint: 'Longer gradients are shortened to it; none leaves them as they are.',
  group: 'Training',
});

/** StableAdamW with a linear rise from 0, then a cosine's fall; or Muon. */
export const stableSettings = {
  optimizer: setting(z.enum(['stableAdamW', 'muon']), {
    label: 'Optimizer',
    hint: 'stableAdamW, as published; or muon, which learns matrices in all directions at once, and the rest as AdamW does.',
    group: 'Training',
  }),
  learningRate: optimizerSettings.learningRate,
  lastLearningRate: setting(z.number().min(0).max(1), {
    label: 'Last learning rate',
    hint: 'To which it falls by a cosine.',
    group: 'Training',
  }),
  warmUpSteps: setting(z.number().int().min(0).max(100_000), {
    label: 'Steps of the warm-up',
    hint: 'In which the learning rate rises from 0; half of all steps, at most.',
    group: 'Training',
  }),
  matrixLearningRate: optimizerSettings.matrixLearningRate,
  clipNorm: clipNormSetting,
};
