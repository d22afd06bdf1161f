import { MAX_REGIONS } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { anomalousRegions } from './anomalous-regions.ts';

const rows = (...lines: readonly (readonly number[])[]) => Float32Array.from(lines.flat());

describe('anomalousRegions', () => {
  const map = { width: 4, height: 3 };

  it('finds those that touch at a corner as one, the highest first, in pixels of the image', () => {
    const found = anomalousRegions(rows([5, 0, 0, 0], [0, 6, 0, 0], [0, 0, 0, 9]), {
      ...{ map, image: { width: 40, height: 60 } },
      threshold: 5,
    });
    expect(found).toEqual([
      { box: { x: 30, y: 40, width: 10, height: 20 }, area: 200, peak: { x: 35, y: 50 }, score: 9 },
      { box: { x: 0, y: 0, width: 20, height: 40 }, area: 400, peak: { x: 15, y: 30 }, score: 6 },
    ]);
  });

  it('keeps boxes within an image that is smaller than the map, or of another shape', () => {
    const everywhere = new Float32Array(12).fill(1);
    expect(
      anomalousRegions(everywhere, { map, image: { width: 3, height: 1 }, threshold: 1 }),
    ).toEqual([
      { box: { x: 0, y: 0, width: 3, height: 1 }, area: 3, peak: { x: 0, y: 0 }, score: 1 },
    ]);
  });

  it('finds none below the threshold, and names no more than a hundred', () => {
    const options = { map: { width: 60, height: 60 }, image: { width: 60, height: 60 } };
    // Every other pixel of every other row: none touches another.
    const many = Float32Array.from({ length: 3600 }, (_, i) =>
      i % 2 === 0 && Math.floor(i / 60) % 2 === 0 ? i + 1 : 0,
    );
    expect(anomalousRegions(many, { ...options, threshold: 1e6 })).toEqual([]);
    const found = anomalousRegions(many, { ...options, threshold: 1 });
    expect(found).toHaveLength(MAX_REGIONS);
    expect(found[0]?.score).toBe(Math.max(...many));
  });
});
