import { describe, expect, it } from 'vitest';
import { describeCoverage, plannedCoverage, readOnce } from './coverage.ts';

const part = 'layer3';

describe('plannedCoverage', () => {
  it('is the share that the steps draw, where all images are drawn alike', () => {
    const planned = { part, categoryImages: [300, 100], drawn: 200, balanced: false };
    expect(plannedCoverage(planned)).toEqual({ part, images: 400, seen: 200, passes: 0.5 });
  });

  it('leaves images of a large category out where categories are drawn alike', () => {
    const planned = { part, categoryImages: [300, 100], drawn: 400, balanced: true };
    expect(plannedCoverage(planned)).toEqual({ part, images: 400, seen: 300, passes: 1 });
  });
});

describe('describeCoverage', () => {
  it('says one thing once', () => {
    expect(describeCoverage([readOnce('sums', 3629)])).toBe(
      'Training sees all 3,629 training images, once each.',
    );
    expect(describeCoverage([])).toBe('');
  });

  it('says what each part sees, and never calls a part all', () => {
    const coverage = [
      { part: 'layer2', images: 29_172, seen: 2400, passes: 0.0823 },
      { part: 'layer3', images: 29_172, seen: 29_171, passes: 2.04 },
    ];
    expect(describeCoverage(coverage)).toBe(
      'Of the 29,172 training images, training sees 8.2 % at layer2, 0.082 times on average; 99.9 % at layer3, 2 times on average.',
    );
  });
});
