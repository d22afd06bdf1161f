/** @file What the held-out normal images of a version decided. */
import { expect, it } from 'vitest';
import { heldOutUse } from './held-out-use.ts';
import { stfpm, uniad } from './methods/index.ts';

it('follows the settings of the method', () => {
  expect(heldOutUse({ preset: {} })).toEqual(['thresholds']);
  expect(heldOutUse({ preset: { earlyStopping: true, levelWeights: 'equal' } })).toEqual([
    'thresholds',
    'end of training',
  ]);
  for (const method of [stfpm, uniad])
    expect(heldOutUse({ preset: method.presets.quick })).toEqual(['thresholds', 'kept state']);
  expect(heldOutUse({ preset: { keepBest: false } })).toEqual(['thresholds']);
  expect(heldOutUse({ preset: { earlyStopping: false, levelWeights: 'heldOut' } })).toEqual([
    'thresholds',
    'level weights',
  ]);
});
