/** @file What is said of several rows is said once. */
import { expect, test } from 'vitest';
import { rowNotes } from './row-notes.ts';

type Row = Parameters<typeof rowNotes>[0][number];
type Check = Row['checks'][number];

const check = (status: Check['status'], message: string): Check => ({
  name: 'too-few-images',
  status,
  message,
  files: [],
});
const row = (model: string, checks: Check[], barred: string | null = null): Row => ({
  model,
  modelVersion: 1,
  barred,
  checks,
});

test('rows of which the same is said share a note; those without one have none', () => {
  const few = [check('marked', 'few images'), check('passed', 'no leak')];
  const notes = rowNotes([row('a', few), row('b', [check('passed', 'no leak')]), row('c', few)]);
  expect(notes).toEqual([
    { rows: ['a v1', 'c v1'], refusal: null, checks: [check('marked', 'few images')] },
  ]);
});

test('other words are another note, and a barring check needs no refusal beside it', () => {
  const leak = [check('barred', 'leak')];
  expect(rowNotes([row('a', leak, 'leak'), row('b', [], 'no map')])).toEqual([
    { rows: ['a v1'], refusal: null, checks: leak },
    { rows: ['b v1'], refusal: 'no map', checks: [] },
  ]);
});
