/** @file What `--mask` and `--masks` ask for. */
import { expect, it } from 'vitest';
import { masksOf } from './mask-options.ts';

it('names an image and a file, which may hold an equals sign, or no file', () => {
  expect(masksOf({ mask: ['bolt/test/dent/3.png=a=b.png', 'bolt/test/dent/4.png='] })).toEqual([
    { path: 'bolt/test/dent/3.png', file: 'a=b.png' },
    { path: 'bolt/test/dent/4.png', file: null },
  ]);
  expect(masksOf({ mask: ['a=b'], masks: 'as-is' })).toEqual([
    { path: 'a', file: 'b', masks: 'as-is' },
  ]);
});

it('refuses what says nothing', () => {
  expect(() => masksOf({ mask: ['mask.png'] })).toThrow('no image and file');
  expect(() => masksOf({ mask: ['a=b'], masks: 'odd' })).toThrow('"odd"');
  expect(() => masksOf({ masks: 'inverted' })).toThrow('there are none');
});
