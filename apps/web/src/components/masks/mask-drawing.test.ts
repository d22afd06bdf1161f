/** @file What is drawn is exact to the pixel, and undone to the pixel. */
import { expect, it } from 'vitest';
import { MaskDrawing } from './mask-drawing.ts';

const rows = ({ data, width }: MaskDrawing) =>
  (data.join('').match(new RegExp(`.{${width}}`, 'g')) ?? []).map((row) =>
    row.replaceAll('0', '.'),
  );

it('fills a polygon, and takes one out again', () => {
  const mask = new MaskDrawing(5, 4);
  mask.polygon(
    [
      [1, 1],
      [5, 1],
      [5, 4],
      [1, 4],
    ],
    1,
  );
  mask.polygon(
    [
      [2, 2],
      [3, 2],
      [3, 3],
      [2, 3],
    ],
    0,
  );
  expect(rows(mask)).toEqual(['.....', '.1111', '.1.11', '.1111']);
  expect(mask.share).toBe(11 / 20);
});

it('strokes, also beyond the edges, and marks the pixel under the smallest brush', () => {
  const mask = new MaskDrawing(5, 3);
  mask.begin(1);
  mask.stroke([-3, 1.9], [2.1, 1.9], 0.4);
  mask.end();
  expect(rows(mask)).toEqual(['.....', '111..', '.....']);
  mask.begin(1);
  mask.stroke([4, 1], [4, 1], 1.2);
  mask.end();
  expect(rows(mask)).toEqual(['...11', '11111', '.....']);
});

it('goes back and forth step by step; a step that changed nothing is none', () => {
  const square = [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
  ] as const;
  const mask = new MaskDrawing(3, 3, Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 1]));
  mask.polygon(square, 1);
  mask.polygon(square, 1);
  mask.clear();
  expect(mask.marked).toBe(0);
  mask.undo();
  expect(rows(mask)).toEqual(['11.', '11.', '..1']);
  mask.undo();
  expect(rows(mask)).toEqual(['1..', '...', '..1']);
  expect([mask.canUndo, mask.canRedo, mask.marked]).toEqual([false, true, 2]);
  mask.redo();
  expect(mask.marked).toBe(5);
  mask.polygon(
    [
      [2, 0],
      [3, 0],
      [3, 1],
      [2, 1],
    ],
    1,
  );
  expect(mask.canRedo).toBe(false);
});

it('says what to paint anew', () => {
  const mask = new MaskDrawing(9, 9);
  expect(mask.takeDirty()).toEqual({ left: 0, top: 0, right: 9, bottom: 9 });
  expect(mask.takeDirty()).toBeNull();
  mask.polygon(
    [
      [2, 3],
      [6, 3],
      [6, 5],
      [2, 5],
    ],
    1,
  );
  expect(mask.takeDirty()).toEqual({ left: 2, top: 3, right: 6, bottom: 5 });
});
