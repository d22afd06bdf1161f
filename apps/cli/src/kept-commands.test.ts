/** @file What the options of `plumb models keep` mean. */
import { expect, test } from 'vitest';
import { keepingOf } from './kept-commands.ts';

test('options become the choice of a model, and what is wrong names the option', () => {
  expect(keepingOf('everyNth', { every: '50', maxMb: '10' })).toMatchObject({
    ...{ keep: 'everyNth', every: 50, maxBytes: 10e6, maxImages: 1_000, maxDays: 30 },
  });
  expect(() => keepingOf('some', {})).toThrow(expect.objectContaining({ field: 'keep' }));
  const half = { closeFrom: '1.5' };
  expect(() => keepingOf('anomalousOrClose', half)).toThrow(
    expect.objectContaining({ field: 'closeFrom' }),
  );
  expect(() => keepingOf('all', { maxDays: '0' })).toThrow(
    expect.objectContaining({ field: 'max-days' }),
  );
});
