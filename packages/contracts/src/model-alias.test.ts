import { expect, test } from 'vitest';
import { aliasSchema, modelReferenceSchema, selectorOf } from './model-alias.ts';

test.each([
  ['parts', { model: 'parts', selector: null }],
  ['parts.v2-x@challenger', { model: 'parts.v2-x', selector: '@challenger' }],
  ['parts@champion', { model: 'parts', selector: 'promoted' }],
  ['parts:3', { model: 'parts', selector: 3 }],
] as const)('reads %s', (text, reference) => {
  expect(modelReferenceSchema.parse(text)).toEqual(reference);
});

test.each([
  '',
  '@x',
  'parts@',
  'parts:',
  'parts:0',
  'parts:03',
  'parts:1@x',
  'Parts',
  'parts:9999999999',
])('refuses "%s"', (text) => {
  expect(modelReferenceSchema.safeParse(text).success).toBe(false);
});

test('an alias is no number and nothing that means something else', () => {
  for (const alias of ['3', 'promoted', 'latest', 'A', 'a b', ''])
    expect(aliasSchema.safeParse(alias).success).toBe(false);
  expect(aliasSchema.parse('line-2_night')).toBe('line-2_night');
});

test('a version is named once', () => {
  const parts = { model: 'parts', selector: null };
  expect(selectorOf(parts, undefined)).toBe('promoted');
  expect(selectorOf(parts, 4)).toBe(4);
  expect(selectorOf({ ...parts, selector: '@x' }, undefined)).toBe('@x');
  expect(() => selectorOf({ ...parts, selector: '@x' }, 4)).toThrow(/named twice/);
});
