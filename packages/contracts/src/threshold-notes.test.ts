/** @file What is said of false alarms: the target, the simulated rate, and how many images would promise the target. */
import { expect, test } from 'vitest';
import {
  falseAlarmNotes,
  heldOutNeeded,
  simulatedWords,
  thresholdNotes,
} from './threshold-notes.ts';
import type { ThresholdProfile } from './threshold-profile.ts';

const one = (images: number) => ({
  imageThreshold: 1,
  pixelThreshold: 1,
  heldOutScores: Array.from({ length: images }, (_, i) => i),
});
const profile: ThresholdProfile = {
  rule: 'x',
  falseAlarmTarget: 0.01,
  simulated: { rate: 0.0123, low: 0.002, high: 0.0391 },
  pooled: one(38),
  categories: { a: one(30), b: one(8) },
};

test('299 images promise 1 %, 59 promise 5 %', () => {
  expect(heldOutNeeded(0.01)).toBe(299);
  expect(heldOutNeeded(0.05)).toBe(59);
  expect(0.99 ** 299).toBeLessThan(0.05);
  expect(0.99 ** 298).toBeGreaterThan(0.05);
});

test('the simulated rate stands beside the target, with its range', () => {
  expect(simulatedWords({ rate: 0.0123, low: 0.002, high: 0.0391 })).toBe('1.2 % (0.2 to 3.9 %)');
  expect(falseAlarmNotes(profile)).toEqual([
    'False-alarm target 1 %, simulated 1.2 % (0.2 to 3.9 %) of further normal images; in parentheses the range of 90 % of the simulations.',
    expect.stringMatching(/^With 8 held-out images in a category nobody can promise 1 %.* 299 /),
  ]);
});

test('enough images need no warning, thresholds set by hand have no target, and what is not known is said', () => {
  const many = { ...profile, categories: { a: one(299) } };
  expect(falseAlarmNotes(many)).toHaveLength(1);
  expect(falseAlarmNotes({ ...profile, falseAlarmTarget: null })).toEqual([
    'False alarms: simulated 1.2 % (0.2 to 3.9 %) of further normal images; in parentheses the range of 90 % of the simulations.',
  ]);
  const { simulated: _, ...unknown } = profile;
  expect(falseAlarmNotes(unknown)[0]).toMatch(/not simulated/);
});

test('images are called held out only where some were', () => {
  const few = { ...profile, categories: { a: one(30), b: one(1) } };
  const said = (scoresFrom?: 'heldOut' | 'crossFit') => {
    const notes = { ...few, ...(scoresFrom === undefined ? {} : { scoresFrom }) };
    return [...falseAlarmNotes(notes), ...thresholdNotes(notes, ['a', 'b'])].join(' ');
  };
  for (const words of [said(), said('heldOut')])
    expect(words).toMatch(/With 1 held-out image in .*come from only 1 held-out image each: b/);
  expect(said('crossFit')).toMatch(
    /With 1 normal training image in .*come from only 1 normal training image each: b/,
  );
  expect(said('crossFit')).not.toContain('held-out');
});
