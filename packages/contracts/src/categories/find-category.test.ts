import { describe, expect, it } from 'vitest';
import type { DescriptorBank } from '../category-bank.ts';
import { bankOf, cluster } from '../testing/made-bank.ts';
import { findCategory, nearestImages } from './find-category.ts';

const options = { neighbors: 5, sureFrom: 0.8 };
const at = (x: number, y: number) => Float32Array.of(x, y);

describe('findCategory', () => {
  const bank = bankOf({ bolt: cluster(0, 0), nut: cluster(1, 0), gear: cluster(0, 3) });

  it('gives the category of the images around, with all votes', () => {
    expect(findCategory(bank, at(0.02, 0.03), options)).toEqual({
      category: 'bolt',
      confidence: 1,
      uncertain: false,
      candidates: [{ category: 'bolt', confidence: 1 }],
      unfamiliar: null,
    });
    const reach = { bolt: 0.2 };
    const far = (y: number) => findCategory(bank, at(0, y), { ...options, reach }).unfamiliar;
    expect([far(0.1), far(-9)]).toEqual([false, true]);
    expect(findCategory(bank, at(0.97, -0.02), options).category).toBe('nut');
  });

  it('between two categories is not sure, and names both, most votes first', () => {
    const found = findCategory(bank, at(0.51, 0), options);
    expect(found).toMatchObject({ category: 'nut', uncertain: true });
    expect(found.candidates.map((one) => one.category)).toEqual(['nut', 'bolt']);
    const sum = found.candidates.reduce((total, one) => total + one.confidence, 0);
    expect(sum).toBeCloseTo(1, 12);
    expect(found.confidence).toBe(found.candidates[0]?.confidence);
  });

  it('finds a category with fewer images than votes', () => {
    const few = bankOf({ bolt: cluster(0, 0), rare: [[0.6, 0]] });
    expect(findCategory(few, at(0.58, 0), options)).toMatchObject({
      category: 'rare',
      uncertain: false,
    });
  });

  it('takes an image that is in the bank for what it is, without dividing by zero', () => {
    const found = findCategory(bankOf({ a: [[0, 0]], b: cluster(0.001, 0) }), at(0, 0), options);
    expect(found.category).toBe('a');
    expect(found.confidence).toBeLessThanOrEqual(1);
  });

  it('knows categories by any name', () => {
    const odd = bankOf({ constructor: cluster(0, 0), toString: cluster(9, 9) });
    const proto: DescriptorBank = { ...odd, names: ['__proto__', 'pooled'] };
    expect(findCategory(odd, at(0, 0), options).category).toBe('constructor');
    expect(findCategory(proto, at(0, 0), options).category).toBe('__proto__');
    expect(findCategory(proto, at(9, 9), options).category).toBe('pooled');
  });

  it('refuses a descriptor of another backbone, and a bank without images', () => {
    expect(() => findCategory(bank, Float32Array.of(1), options)).toThrow(RangeError);
    expect(() => findCategory(bankOf({}), at(0, 0), options)).toThrow(RangeError);
  });
});

describe('nearestImages', () => {
  it('gives as many as there are, nearest first, as sorting all of them would', () => {
    const points = Array.from({ length: 40 }, (_, i): [number, number] => [
      Math.sin(i * 12.9898) * 5,
      Math.cos(i * 78.233) * 5,
    ]);
    const bank = bankOf({ one: points });
    const query = at(0.3, -0.2);
    const sorted = points
      .map(([x, y], image) => ({ image, d: (x - 0.3) ** 2 + (y + 0.2) ** 2 }))
      .sort((a, b) => a.d - b.d)
      .map(({ image }) => image);
    for (const count of [1, 5, 40, 60]) {
      const found = nearestImages(bank, query, count).map(({ image }) => image);
      expect(found).toEqual(sorted.slice(0, count));
    }
    const [first, second] = sorted;
    expect(nearestImages(bank, query, 1, first)[0]?.image).toBe(second);
  });
});
