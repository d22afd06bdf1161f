import { describe, expect, it } from 'vitest';
import { PRESETS } from './index.ts';
import { patchCoreBankSize, patchcore } from './patchcore.ts';

const MANY = 1e9;

describe('patchCoreBankSize', () => {
  const quick = patchcore.resolve('quick');

  it('grows with the categories, and a few have as much room as ten', () => {
    const of = (categories: number) => patchCoreBankSize(quick, { seen: MANY, categories });
    expect([1, 6, 10, 11, 15, 30, 100].map(of)).toEqual([
      ...[10_000, 10_000, 10_000, 11_000, 15_000, 30_000, 100_000],
    ]);
    expect(of(1000)).toBe(quick.bankMax);
  });

  it.each(PRESETS)(
    'leaves no category of %s with less than the tenth of a bank of ten',
    (preset) => {
      const settings = patchcore.resolve(preset);
      const ten = patchCoreBankSize(settings, { seen: MANY, categories: 10 });
      const hundred = patchCoreBankSize(settings, { seen: MANY, categories: 100 });
      expect(hundred / 100).toBeGreaterThanOrEqual(ten / 10);
    },
  );

  it('is never more than the share of the patches, nor than what is asked for', () => {
    expect(patchCoreBankSize(quick, { seen: 2000, categories: 6 })).toBe(200);
    const few = patchcore.resolve('quick', { bankMax: 500 });
    expect(patchCoreBankSize(few, { seen: MANY, categories: 30 })).toBe(500);
  });
});
