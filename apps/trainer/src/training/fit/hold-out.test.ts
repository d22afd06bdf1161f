import type { Sample } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { makeSample, makeSamples } from '../testing/training-samples.ts';
import { holdOut, orderKey } from './hold-out.ts';

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

describe('at the size that people bring', () => {
  /** By what it says, image by image: each pass over all of them. */
  function plainHoldOut(samples: readonly Sample[], seed: number): Set<Sample> {
    const held = new Set<Sample>();
    for (const category of new Set(samples.map((sample) => sample.category))) {
      const own = samples.filter((sample) => sample.category === category);
      const hashes = own
        .map((sample) => sample.image.sha256)
        .filter((hash, index, all) => all.indexOf(hash) === index)
        .sort((a, b) =>
          orderKey(seed, category, a).localeCompare(orderKey(seed, category, b), 'en'),
        );
      const wanted = Math.min(
        Math.floor(hashes.length / 2),
        Math.max(4, Math.floor(hashes.length / 5)),
      );
      const chosen = hashes.slice(0, wanted);
      for (const sample of own) if (chosen.includes(sample.image.sha256)) held.add(sample);
    }
    return held;
  }

  it('chooses as the rule says, whatever the categories and copies', () => {
    for (let seed = 0; seed < 25; seed++) {
      const next = (below: number, at: number) =>
        Math.abs(Math.imul(seed * 7919 + at, 2654435761)) % below;
      const samples = Array.from({ length: 10 + next(80, 1) }, (_, i) =>
        makeSample(['bolt', 'nut', '__proto__'][next(3, i + 5)] ?? '', next(60, i + 900)),
      );
      const expected = plainHoldOut(samples, seed);
      const { fit, heldOut } = holdOut(samples, seed);
      expect(heldOut).toEqual(samples.filter((sample) => expected.has(sample)));
      expect(fit).toEqual(samples.filter((sample) => !expected.has(sample)));
    }
  });
});
