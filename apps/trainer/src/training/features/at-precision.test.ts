import { expect, it } from 'vitest';
import { assertOnProcessor } from './at-precision.ts';

it('refuses int8 on a graphics card, and nothing else', () => {
  expect(() => assertOnProcessor({ precision: 'int8' }, { provider: 'cuda' })).toThrow(
    expect.objectContaining({ field: 'precision', fix: expect.stringContaining('float32') }),
  );
  expect(() => assertOnProcessor({ precision: 'int8' }, { provider: 'cpu' })).not.toThrow();
  expect(() => assertOnProcessor({}, { provider: 'cuda' })).not.toThrow();
});
