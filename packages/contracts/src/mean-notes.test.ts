/** @file Over how many categories means are: in general, and for a row that has fewer than its neighbors. */
import { expect, test } from 'vitest';
import type { LeaderboardRow } from './leaderboard.ts';
import { meanNotes } from './mean-notes.ts';

const row = (model: string, definedOver: LeaderboardRow['definedOver']) =>
  ({ model, modelVersion: 1, definedOver }) as LeaderboardRow;
const categories = ['bolt', 'nut', 'pin'];

test('a row over fewer categories than its neighbor is named', () => {
  const rows = [row('a', { imageAuroc: 3 }), row('b', { imageAuroc: 2 }), row('c', {})];
  expect(meanNotes({ categories, rows }, ['imageAuroc'])).toEqual([
    "b v1: its mean of I-AUROC is over 2 of 3 categories, so it can't be compared with the others.",
  ]);
});

test('all over the same ones: one sentence, or none', () => {
  const rows = [row('a', { pixelAuroc: 2 }), row('b', { pixelAuroc: 2 })];
  expect(meanNotes({ categories, rows }, ['pixelAuroc', 'imageAuroc'])).toEqual([
    'The means of P-AUROC are over 2 of 3 categories.',
  ]);
  expect(meanNotes({ categories, rows: [] }, ['pixelAuroc'])).toEqual([]);
});
