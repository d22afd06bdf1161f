import { type Sample, thresholdNotes } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { fitThresholds } from './evaluate/fit-thresholds.ts';
import { crossFit } from './fit/folds.ts';
import { holdOut } from './fit/hold-out.ts';
import { oddImageWarnings, trainingWarnings } from './training-warnings.ts';

function samples(category: string, count: number, side = 64): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    path: `${category}/train/good/${index}.png`,
    category,
    split: 'train',
    label: 'normal',
    defectType: null,
    image: {
      sha256: `${category}-${index}`.padEnd(64, '0'),
      bytes: 1,
      width: side,
      height: 64,
      format: 'png',
    },
    mask: null,
  }));
}

const SIZE = { height: 64, width: 64 };
const warnings = (all: Sample[]) => trainingWarnings(holdOut(all, 0), SIZE);

it('says nothing about a category with enough images of enough pixels', () => {
  expect(warnings(samples('bolt', 50))).toEqual([]);
});

it('says before the fit what the thresholds will say after it, of images held out and of folds', () => {
  const all = [...samples('bolt', 50), ...samples('nut', 3), ...samples('pin', 1)];
  expect(warnings(all)).toEqual([
    expect.stringMatching(/Without a threshold of their own.*pooled one is used: pin/),
    expect.stringMatching(/come from only 1 held-out image each: nut/),
  ]);
  expect(trainingWarnings(crossFit(all, 0), SIZE)).toEqual([
    expect.stringMatching(/pin/),
    expect.stringMatching(/come from only 3 normal training images each: nut/),
  ]);
});

it('names the normal images that the thresholds would call anomalous, and no few scores again', () => {
  const all = [...samples('bolt', 20), ...samples('nut', 3), ...samples('pin', 1)];
  const split = crossFit(all, 0);
  const scores = split.fit
    .filter((_, image) => split.folds?.of[image] !== -1)
    .map(({ path, category }, i) => {
      const imageScore = path === 'bolt/train/good/7.png' ? 90 : 10 + (i % 5);
      return { path, category, sha256: 'ab'.repeat(32), imageScore, mapMaximum: imageScore };
    });
  const profile = fitThresholds(scores, 'crossFit');
  expect(Object.keys(profile.categories)).toEqual(['bolt', 'nut']);
  expect(profile.categories['bolt']?.heldOutScores).toHaveLength(20);
  expect(thresholdNotes(profile, ['bolt', 'nut', 'pin'])).toEqual(trainingWarnings(split, SIZE));
  expect(oddImageWarnings(profile, scores)).toEqual([
    expect.stringMatching(
      /1 of 23 normal .*: bolt\/train\/good\/7\.png \([\d.]+ × the threshold\)\. Check/,
    ),
  ]);
});

it('names an image that is smaller than what the backbone sees', () => {
  expect(trainingWarnings(crossFit(samples('bolt', 10, 20), 0), SIZE)).toEqual([
    expect.stringMatching(/^10 .*64×64.*bolt\/train\/good\/0\.png \(20×64\)/),
  ]);
});
