/** @file Tests of how differing settings are taken apart. */
import { expect, test } from 'vitest';
import { changedSettings } from './changed-settings.ts';

test('of a list of settings, only the parts that differ are named', () => {
  const a = JSON.stringify([
    { tap: 'layer2', steps: 12, blocks: ['mca'] },
    { tap: 'layer3', steps: 12, gate: 'none' },
  ]);
  const b = JSON.stringify([
    { tap: 'layer2', steps: 4, blocks: ['mca'] },
    { tap: 'layer3', steps: 12 },
  ]);
  expect(changedSettings([{ setting: 'levels', a, b }])).toEqual([
    { setting: 'levels 1: steps', a: '12', b: '4' },
    { setting: 'levels 2: gate', a: 'none', b: null },
  ]);
});

test('other values, and a list that only one of them has, stay whole', () => {
  const differences = [
    { setting: 'seed', a: '0', b: '1' },
    { setting: 'levels', a: '[{"steps":12}]', b: null },
    { setting: 'strides', a: '[8,16]', b: '[{broken' },
  ];
  expect(changedSettings(differences)).toEqual(differences);
});
