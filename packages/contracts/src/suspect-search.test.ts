/** @file What is said of training images that were looked through, or not. */
import { expect, it } from 'vitest';
import { lookedThroughWords } from './suspect-search.ts';

const all = { version: 2, scored: 24, beyondCut: 0, undecided: 0, unseen: 0 };

it.each([
  [
    null,
    'The training images of version 2 have not been looked through for ones that don’t belong.',
  ],
  [all, '24 normal training images were compared, each with the others: none stands out.'],
  [
    { ...all, beyondCut: 4, undecided: 3 },
    '24 normal training images were compared, each with the others: 4 stand out, 3 of them undecided.',
  ],
  [
    { ...all, version: 1, beyondCut: 1, unseen: 1 },
    '24 normal training images of version 1 were compared, each with the others: 1 stands out, and it was decided on. 1 image was added since and has not been looked through.',
  ],
])('%o', (looked, words) => {
  expect(lookedThroughWords(looked, 2)).toBe(words);
});
