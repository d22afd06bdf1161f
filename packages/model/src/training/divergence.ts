/** @file What to do when a loss is no longer a number: every method has a learning rate. */
import type { Trainable } from './trainable.ts';

/** @param choose What to choose, beside checking the images. */
export function lowerLearningRate(
  field = 'learningRate',
  choose = 'a lower learning rate',
): Trainable['divergence'] {
  return {
    field: `settings.${field}`,
    fix: `Choose ${choose}, and check that the training images are what they should be. The last good checkpoint is kept.`,
  };
}
