import { findCategory } from '@plumbline/contracts';
import { bankOf, cluster } from '@plumbline/contracts/testing';
import { describe, expect, it } from 'vitest';
import { leaveOneOut } from './leave-one-out.ts';
import { sureShare } from './sure-share.ts';

describe('sureShare', () => {
  it('is a clear majority where the categories can be told apart', () => {
    expect(sureShare(leaveOneOut(bankOf({ bolt: cluster(0, 0), nut: cluster(9, 0) }), 5))).toBe(
      0.6,
    );
    expect(sureShare(leaveOneOut(bankOf({ only: [[0, 0]] }), 5))).toBe(0.6);
  });

  it('is above every wrong answer of near twins', () => {
    const twins = bankOf({
      left: [...cluster(0, 0), [0.5, 0.01], [0.52, 0]],
      right: [...cluster(1, 0), [0.5, -0.01], [0.48, 0]],
    });
    const sureFrom = sureShare(leaveOneOut(twins, 3));
    expect(sureFrom).toBeGreaterThan(0.6);
    const wrong = [...twins.categories.keys()].flatMap((image) => {
      const rest = twins.categories.filter((_, other) => other !== image);
      const descriptors = twins.descriptors.filter((_, i) => Math.floor(i / 2) !== image);
      const own = twins.descriptors.subarray(2 * image, 2 * image + 2);
      const left = { ...twins, categories: rest, descriptors };
      const found = findCategory(left, own, { neighbors: 3, sureFrom: 0 });
      return found.category === twins.names[twins.categories[image]!] ? [] : [found.confidence];
    });
    expect(wrong.length).toBeGreaterThan(0);
    for (const confidence of wrong) expect(confidence).toBeLessThan(sureFrom);
  });

  it('leaves out images that are the only one of their category', () => {
    expect(sureShare(leaveOneOut(bankOf({ bolt: cluster(0, 0), rare: [[0.45, 0.45]] }), 5))).toBe(
      0.6,
    );
  });
});
