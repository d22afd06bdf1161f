/** @file Drawing with a mouse, a pen or a finger. */
'use client';

import { type PointerEvent, type RefObject, useRef } from 'react';
import type { MaskDrawing, Point } from './mask-drawing.ts';
import { pixelValue, type Tools } from './tools.ts';
import type { PolygonDraft } from './use-polygon.ts';

interface PointerOptions {
  readonly tools: Tools;
  readonly size: { readonly width: number; readonly height: number };
  readonly polygon: PolygonDraft;
  /** What scrolls. */
  readonly view: RefObject<HTMLElement | null>;
  change(work: (drawing: MaskDrawing) => void): void;
  onCursor(point: Point | null): void;
}

/** Of the first corner, on the screen: a click this near closes the polygon. */
const NEAR_PX = 10;

export function usePointer({ tools, size, polygon, view, change, onCursor }: PointerOptions) {
  const last = useRef<Point | null>(null);
  const at = (event: PointerEvent<HTMLElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * size.width,
      ((event.clientY - box.top) / box.height) * size.height,
    ];
  };
  const addCorner = (event: PointerEvent<HTMLElement>) => {
    const point = at(event);
    const [first] = polygon.corners;
    const scale = event.currentTarget.getBoundingClientRect().width / size.width;
    const distance = first && Math.hypot(first[0] - point[0], first[1] - point[1]) * scale;
    if (distance !== undefined && distance < NEAR_PX && polygon.canClose) polygon.close();
    else polygon.add(point);
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      if (tools.shape === 'polygon') return addCorner(event);
      event.currentTarget.setPointerCapture(event.pointerId);
      last.current = at(event);
      const [from, radius] = [last.current, tools.brush / 2];
      if (tools.shape === 'brush')
        change((drawing) => {
          drawing.begin(pixelValue(tools.effect));
          drawing.stroke(from, from, radius);
        });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const [from, to] = [last.current, at(event)];
      onCursor(tools.shape === 'move' ? null : to);
      if (from === null) return;
      if (tools.shape === 'brush') {
        change((drawing) => drawing.stroke(from, to, tools.brush / 2));
        last.current = to;
      } else if (event.pointerType === 'mouse')
        // A finger moves the image by itself.
        view.current?.scrollBy(-event.movementX, -event.movementY);
    },
    onPointerUp: () => {
      if (last.current !== null) change((drawing) => drawing.end());
      last.current = null;
    },
    onPointerLeave: () => onCursor(null),
  };
}
