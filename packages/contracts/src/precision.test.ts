/** @file Where a backbone can be had in int8, and where that is refused before a run is queued. */
import { expect, it } from 'vitest';
import { findCatalogBackbone } from './backbone-catalog.ts';
import { findEmbeddedBackbone } from './embedded-backbones.ts';
import { backboneLabel } from './precision.ts';
import { planTraining } from './training/plan-training.ts';
import { startTrainingInput } from './training-input.ts';

function plan(change: object, backbone: string | null = 'standard') {
  const input = startTrainingInput.parse({ dataset: 'd', precision: 'int8', ...change });
  if (backbone === null) return planTraining(input, null);
  return planTraining(input, findEmbeddedBackbone(backbone) ?? findCatalogBackbone(backbone));
}

it.each(['standard', 'compact', 'resnet50', 'wide_resnet50_2', null])('takes %s', (backbone) => {
  expect(plan({}, backbone).needs.input.kind).toBe('tokens');
});

it.each([
  [{ method: 'stfpm' }, 'standard', /^STFPM is fitted to images/, /or a method/],
  [{}, 'vit_base_patch14_reg4_dinov2', /^vit_base\S* is made of more than convo/, /standard, comp/],
  [{}, 'tf_efficientnet_b4', /^tf_efficientnet_b4 is made of/, /standard, compact and the ResNets/],
  [{ settings: { tileRows: 2, tileColumns: 2 } }, 'standard', /^Tiles/, /leave out tileRows/],
])('refuses %o with %s, naming the field and what to choose', (change, backbone, message, fix) => {
  expect(() => plan(change, backbone)).toThrow(
    expect.objectContaining({
      ...{ code: 'INVALID_INPUT', field: 'precision' },
      message: expect.stringMatching(message),
      fix: expect.stringMatching(fix),
    }),
  );
  expect(() => plan({ ...change, precision: 'float32' }, backbone)).not.toThrow();
});

it('is absent from what is asked for until it is chosen, and refuses other names', () => {
  expect(startTrainingInput.parse({ dataset: 'd' })).not.toHaveProperty('precision');
  expect(startTrainingInput.safeParse({ dataset: 'd', precision: 'int4' }).success).toBe(false);
});

it('float16 takes every backbone, and methods that are fitted to features', () => {
  for (const backbone of ['compact', 'vit_base_patch14_reg4_dinov2', 'tf_efficientnet_b4', null])
    expect(() => plan({ precision: 'float16' }, backbone)).not.toThrow();
  expect(() => plan({ precision: 'float16', method: 'stfpm' })).toThrow(/never checked in float16/);
});

it('is told beside the name of a backbone, but for float32', () => {
  expect(backboneLabel({ name: 'compact', precision: 'float16' })).toBe('compact float16');
  expect(backboneLabel({ name: 'compact' })).toBe('compact');
  const calibration = { images: [], ranges: {} };
  expect(backboneLabel({ name: 'compact', calibration })).toBe('compact int8');
});
