import { expect, it } from 'vitest';
import { describeSuspects } from './run-suspects-command.ts';

it('lists training images that stand out with score, cut and how far they are out', () => {
  const suspect = { path: 'bolt/7.png', category: 'bolt', sha256: 'ab'.repeat(32) };
  const far = { imageScore: 3, robustCut: 1.25, deviations: 26.84, isLearned: true };
  const lines = describeSuspects({
    ...{ scoresFrom: 'heldOut', scored: 20, learned: 80, beyondCut: 1, tooFew: [], mapped: 0 },
    suspects: [{ ...suspect, ...far, isKept: true }],
  }).split('\n');
  expect(lines[0]).toMatch(
    /^Of the normal training images 20 were held out .*, and 80 by the fit .* 1 stands out/,
  );
  const row = lines.find((line) => line.includes('bolt/7.png'));
  expect(row?.match(/[\w./]+/g)).toEqual([
    'bolt/7.png',
    'bolt',
    '3.000',
    '1.250',
    '26.8',
    'learned',
    'from',
    'it',
    'kept',
  ]);
});

it('says so where nothing is known, or nothing stands out', () => {
  const none = { scored: 9, learned: 0, beyondCut: 0, tooFew: [], suspects: [], mapped: 0 };
  expect(describeSuspects({ ...none, scoresFrom: null })).toMatch(/of before scores/);
  expect(describeSuspects({ ...none, scoresFrom: 'crossFit' })).toMatch(/none stands out/);
});
