/** @file Masks drawn from polygons and run lengths: pixels whose centers lie inside. */
import { expect, it } from 'vitest';
import { runsOf } from '../layouts/run-lengths.ts';
import { drawOutlines } from './draw-outlines.ts';

function drawn(polygons: readonly (readonly (readonly [number, number])[])[]): string[] {
  const { data } = drawOutlines({ width: 6, height: 4, polygons, runs: [] });
  return rows(data, 6);
}

function rows(data: Uint8Array, width: number): string[] {
  return Array.from({ length: data.length / width }, (_, row) =>
    [...data.subarray(row * width, (row + 1) * width)].map((one) => '.#'[one]).join(''),
  );
}

const box = (x0: number, y0: number, x1: number, y1: number) =>
  [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ] as const;

it('a rectangle on whole pixels marks exactly these', () => {
  expect(drawn([box(1, 1, 4, 3)])).toEqual(['......', '.###..', '.###..', '......']);
});

it('a pixel counts by its center, and two that share an edge mark none twice and leave none out', () => {
  expect(drawn([box(1.4, 0.4, 3.6, 2.6)])).toEqual(['.###..', '.###..', '.###..', '......']);
  const halves = [box(0, 0, 2.5, 4), box(2.5, 0, 6, 4)].map((one) => drawn([one]).join(''));
  const both = [...(halves[0] ?? '')].map((pixel, at) => pixel + (halves[1] ?? '')[at]);
  expect(both.every((pair) => pair === '#.' || pair === '.#')).toBe(true);
});

it('outside of the image nothing is drawn, and a hole by crossing edges is one', () => {
  expect(drawn([box(-9, -9, 99, 1)])).toEqual(['######', '......', '......', '......']);
  const ring = [...box(0, 0, 6, 4), [0, 0] as const, ...box(2, 1, 4, 3), [2, 1] as const];
  expect(drawn([ring])).toEqual(['######', '##..##', '##..##', '######']);
});

it('run lengths go down the columns, as numbers and packed into text (pycocotools)', () => {
  const told = { file: 'a.json', where: 'a.json, image 1', width: 6, height: 4 };
  const expected = ['..#...', '.##...', '.#....', '.#....'];
  const counts = [5, 5, 14];
  const byNumbers = runsOf({ size: [4, 6], counts }, told);
  expect(
    rows(drawOutlines({ width: 6, height: 4, polygons: [], runs: [byNumbers] }).data, 6),
  ).toEqual(expected);
  // pycocotools 2.0: mask.frPyObjects({'size': [4, 6], 'counts': [5, 5, 14]}, 4, 6)['counts'].
  expect(runsOf({ size: [4, 6], counts: '55>' }, told)).toEqual({ counts });
  // And with a number that takes two characters, and one below the one two before: [40, 3, 2, 1, 50] of 96.
  const wide = { ...told, width: 12, height: 8 };
  expect(runsOf({ size: [8, 12], counts: 'X132N`1' }, wide)).toEqual({ counts: [40, 3, 2, 1, 50] });
  expect(() => runsOf({ size: [4, 6], counts: [5, 5, 13] }, told)).toThrow('do not make up');
});
