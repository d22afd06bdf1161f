/** @file What is said of suspects on the command line, and how decisions are read. */
import type { ReviewedSuspect, SuspectReview } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { describeReview } from './dataset-suspects-command.ts';
import { decisionsOf } from './suspect-decisions.ts';

it('reads a decision for each image, and one alone', () => {
  expect(
    decisionsOf({ keep: ['a'], exclude: ['b', 'c'], toTest: ['d'], anomalous: ['e'] }),
  ).toEqual([
    { path: 'a', choice: 'keep' },
    { path: 'b', choice: 'exclude' },
    { path: 'c', choice: 'exclude' },
    { path: 'd', choice: 'test' },
    { path: 'e', choice: 'anomalous' },
  ]);
  expect(decisionsOf({})).toEqual([]);
  expect(() => decisionsOf({ keep: ['a'], exclude: ['a'] })).toThrow('You named a twice.');
});

const suspect = (path: string, state: ReviewedSuspect['state']): ReviewedSuspect => ({
  ...{ path, state, category: 'bolt', sha256: 'ab'.repeat(32), isLearned: false, position: 0 },
  ...{ imageScore: 3, robustCut: 2, deviations: 5 },
});
const none: SuspectReview = {
  ...{ dataset: 'bolts', version: 2, latest: null, search: null },
  ...{ suspects: [], undecided: 0, unseen: 0 },
};

it('says how to look, what stands out, and what is open', () => {
  expect(describeReview(none)).toMatch(
    /version 2 have not been looked .*"plumb datasets suspects bolts --look"/,
  );
  const found = describeReview({
    ...none,
    search: {
      ...{ id: 'x', version: 1, finishedAt: '', backbone: 'standard', images: 24, scored: 24 },
      ...{ tooFew: [], beyondCut: 2 },
    },
    suspects: [suspect('bolt/a.png', 'undecided'), suspect('bolt/b.png', 'gone')],
    ...{ undecided: 1, unseen: 3 },
  });
  expect(found).toMatch(
    /^24 normal training images of version 1 were compared.*2 stand out, 1 of them undecided\. 3 images were added since/,
  );
  expect(found).toMatch(/bolt\/b\.png .*no longer a training image/);
  expect(found).toMatch(/--keep, --exclude/);
});
