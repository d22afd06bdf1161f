import type { Sample } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { makeSample, makeSamples } from '../testing/training-samples.ts';
import { holdOut } from './hold-out.ts';

describe('holdOut', () => {
  it('takes one in five, at least four, of each category', () => {
    const { fit, heldOut } = holdOut([...makeSamples('bolt', 40), ...makeSamples('nut', 12)], 0);
    expect(heldOut.filter((one) => one.category === 'bolt')).toHaveLength(8);
    expect(heldOut.filter((one) => one.category === 'nut')).toHaveLength(4);
    expect(fit).toHaveLength(52 - 12);
  });

  it('never touches the test split', () => {
    const test = makeSample('bolt', 99, { split: 'test' });
    const { fit, heldOut } = holdOut([...makeSamples('bolt', 10), test], 0);
    expect([...fit, ...heldOut]).not.toContain(test);
  });

  it('keeps byte-identical images on one side and something to train on', () => {
    const twins = makeSamples('bolt', 6).flatMap((one) => [
      one,
      { ...one, path: `${one.path}.copy` },
    ]);
    const { fit, heldOut } = holdOut(twins, 3);
    const fitted = new Set(fit.map((one) => one.image.sha256));
    expect(heldOut.some((one) => fitted.has(one.image.sha256))).toBe(false);
    expect(holdOut(makeSamples('bolt', 2), 0).fit).toHaveLength(1);
    expect(holdOut(makeSamples('bolt', 3), 0).fit).toHaveLength(2);
    expect(holdOut(makeSamples('bolt', 1), 0).heldOut).toEqual([]);
  });

  it('depends on seed and images, not on order', () => {
    const samples = makeSamples('bolt', 20);
    const names = (list: readonly Sample[]) => list.map((one) => one.path).sort();
    expect(names(holdOut([...samples].reverse(), 1).heldOut)).toEqual(
      names(holdOut(samples, 1).heldOut),
    );
    expect(names(holdOut(samples, 2).heldOut)).not.toEqual(names(holdOut(samples, 1).heldOut));
  });
});
