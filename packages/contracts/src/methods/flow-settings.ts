/** @file Settings of methods that learn the density of features by a normalizing flow. */
import { z } from 'zod';
import { setting } from './setting.ts';

export const flowSettings = {
  whitening: setting(z.boolean(), {
    label: 'Whitening',
    hint: 'Takes mean and covariance of the training images out of the features first, so that the flow begins as one Gaussian and learns what that misses.',
    group: 'Features',
  }),
  blocks: setting(z.number().int().min(1).max(32), {
    label: 'Coupling blocks',
    hint: 'Of the flow of each level. Time and model size grow with them.',
    unit: 'blocks',
    group: 'Network',
  }),
  learningRate: setting(z.number().gt(0).max(1), { label: 'Learning rate', group: 'Training' }),
  keepBest: setting(z.boolean(), {
    label: 'Keep the best state',
    hint: 'Keeps the flow of the epoch in which held-out normal images are likeliest, not that of the last step.',
    group: 'Training',
  }),
  score: setting(z.enum(['likelihood', 'logLikelihood']), {
    label: 'Patch score',
    hint: 'likelihood is as published, and about the same for all that is very unlikely. logLikelihood still tells it apart.',
    group: 'Score',
  }),
  sigma: setting(z.number().min(0).max(16), {
    label: 'Smoothing for the image score',
    hint: 'Standard deviation of the Gaussian filter before the maximum is taken; 0 for none.',
    unit: 'px',
    group: 'Score',
  }),
};
