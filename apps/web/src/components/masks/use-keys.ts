/** @file Drawing by keyboard: arrows move a cross, space sets a corner or a dab. */
'use client';

import type { KeyboardEvent } from 'react';
import type { MaskDrawing, Point } from './mask-drawing.ts';
import { pixelValue, type Tools } from './tools.ts';
import type { PolygonDraft } from './use-polygon.ts';

interface KeyOptions {
  readonly tools: Tools;
  readonly size: { readonly width: number; readonly height: number };
  readonly polygon: PolygonDraft;
  readonly cross: Point | null;
  moveCross(point: Point): void;
  change(work: (drawing: MaskDrawing) => void): void;
}

/** Steps from one edge to the other. */
const STEPS = 50;

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function useKeys(options: KeyOptions): (event: KeyboardEvent) => void {
  return (event) => {
    const used =
      event.ctrlKey || event.metaKey
        ? history(options, event)
        : moved(options, event) || drawn(options, event.key);
    if (used) event.preventDefault();
  };
}

function history({ change }: KeyOptions, { key, shiftKey }: KeyboardEvent): boolean {
  const letter = key.toLowerCase();
  if (letter === 'y' || (letter === 'z' && shiftKey)) change((drawing) => drawing.redo());
  else if (letter === 'z') change((drawing) => drawing.undo());
  else return false;
  return true;
}

function moved({ size, cross, moveCross }: KeyOptions, { key, shiftKey }: KeyboardEvent): boolean {
  const direction = DIRECTIONS[key];
  if (direction === undefined) return false;
  const step = shiftKey ? 1 : Math.max(1, Math.round(Math.max(size.width, size.height) / STEPS));
  const [x, y] = cross ?? centerOf(size);
  const within = (value: number, end: number) => Math.max(0, Math.min(end, value));
  moveCross([
    within(x + direction[0] * step, size.width),
    within(y + direction[1] * step, size.height),
  ]);
  return true;
}

function drawn(
  { tools, size, polygon, cross, moveCross, change }: KeyOptions,
  key: string,
): boolean {
  const point = cross ?? centerOf(size);
  if (key === ' ' && tools.shape !== 'move') {
    moveCross(point);
    if (tools.shape === 'polygon') polygon.add(point);
    else
      change((drawing) => {
        drawing.begin(pixelValue(tools.effect));
        drawing.stroke(point, point, tools.brush / 2);
        drawing.end();
      });
    return true;
  }
  if (polygon.corners.length === 0) return false;
  if (key === 'Enter') polygon.close();
  else if (key === 'Backspace') polygon.removeLast();
  else if (key === 'Escape') polygon.drop();
  else return false;
  return true;
}

function centerOf({ width, height }: KeyOptions['size']): Point {
  return [Math.round(width / 2), Math.round(height / 2)];
}
