/** @file What can leave a metric of a category undefined: a code for each, and the words that every screen and document uses. */
import { z } from 'zod';

/** Each follows `undefined: `. */
export const UNDEFINED_WORDS = {
  'no-anomalous-image': 'no anomalous test image',
  'no-normal-image': 'no normal test image',
  'no-mask': 'no masks',
  'no-anomalous-pixel': 'no anomalous pixel in the masks',
  'no-normal-pixel': 'no normal pixel',
  'too-few-normal-pixels':
    'fewer than 10,000 pixels of normal images, which can’t show a false positive rate of 0.0001',
  'too-coarse': 'more distinct scores than its histogram resolves to within 0.0001',
  'not-computed': 'not computed by the version that made this result',
} as const;

export type UndefinedCode = keyof typeof UNDEFINED_WORDS;

export const undefinedCodeSchema = z.enum(Object.keys(UNDEFINED_WORDS) as UndefinedCode[]); // keys of a literal
