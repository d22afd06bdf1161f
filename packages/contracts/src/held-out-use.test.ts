/** @file What the held-out normal images of a version decided. */
import { expect, it } from 'vitest';
import { heldOutUse } from './held-out-use.ts';

it('follows the settings of the method', () => {
  expect(heldOutUse({ preset: {} })).toEqual(['thresholds']);
  expect(heldOutUse({ preset: { earlyStopping: true, levelWeights: 'equal' } })).toEqual([
    'thresholds',
    'end of training',
  ]);
  expect(heldOutUse({ preset: { earlyStopping: false, levelWeights: 'heldOut' } })).toEqual([
    'thresholds',
    'level weights',
  ]);
});
