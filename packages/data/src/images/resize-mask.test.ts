/** @file Masks at the size of the maps: nearest neighbor, and no region is lost. */
import { expect, test } from 'vitest';
import { resizeMask } from './resize-mask.ts';

function blank(side: number) {
  return { width: side, height: side, data: new Uint8Array(side * side) };
}

/** A square of `size` pixels from (x, y) on. */
function square(side: number, size: number, [x, y]: readonly [number, number]) {
  const mask = blank(side);
  for (let v = y; v < y + size; v++) mask.data.fill(1, v * side + x, v * side + x + size);
  return mask;
}

const marked = ({ data }: { data: Uint8Array }) => data.reduce((sum, one) => sum + one, 0);

test('no new values, at pixel centers', () => {
  const mask = { width: 4, height: 2, data: new Uint8Array([0, 0, 1, 1, 1, 0, 0, 0]) };
  expect([...resizeMask(mask, 4, 2).data]).toEqual([...mask.data]);
  expect([...resizeMask(mask, 2, 2).data]).toEqual([0, 1, 1, 0]); // the last by the region that no center hits
  expect([...resizeMask(mask, 8, 2).data.subarray(0, 8)]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
});

test('a defect of 5 × 5 pixels of 2048 is there at 256, wherever it is', () => {
  let kept = 0;
  for (let offset = 0; offset < 8; offset++) {
    const resized = resizeMask(square(2048, 5, [800 + offset, 404]), 256, 256);
    const at = marked(resized);
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThanOrEqual(4);
    const first = resized.data.indexOf(1);
    expect(Math.abs((first % 256) - 100)).toBeLessThanOrEqual(1);
    kept += resized.keptRegions;
  }
  expect(kept).toBeGreaterThan(2); // nearest neighbor alone loses these
  expect(kept).toBeLessThan(8);
});

test('a lost region is kept beside one that is not, and only it', () => {
  const mask = square(64, 16, [8, 8]);
  mask.data[64 * 60 + 60] = 1; // one pixel, which no sample of a quarter of the size hits
  const resized = resizeMask(mask, 16, 16);
  expect(resized.keptRegions).toBe(1);
  expect(marked(resized)).toBe(16 + 1);
  expect(resized.data[15 * 16 + 15]).toBe(1);
});

test('pixels that touch at a corner are one region', () => {
  const mask = blank(16);
  mask.data[16 * 2 + 2] = 1; // sampled at a quarter of the size
  mask.data[16 * 3 + 3] = 1;
  expect(resizeMask(mask, 4, 4).keptRegions).toBe(0);
});

test('nothing is marked where nothing was, and images that grow lose nothing', () => {
  expect(resizeMask(blank(64), 16, 16)).toEqual({ data: new Uint8Array(256), keptRegions: 0 });
  expect(resizeMask(square(8, 1, [3, 3]), 16, 16).keptRegions).toBe(0);
});
