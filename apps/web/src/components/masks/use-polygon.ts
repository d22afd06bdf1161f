/** @file The polygon that is being drawn: corners so far, until it is closed. */
'use client';

import { useState } from 'react';
import type { MaskDrawing, Point } from './mask-drawing.ts';
import { type Effect, pixelValue } from './tools.ts';

export interface PolygonDraft {
  readonly corners: readonly Point[];
  readonly canClose: boolean;
  add(point: Point): void;
  removeLast(): void;
  drop(): void;
  /** Fills it. */
  close(): void;
}

const FEWEST_CORNERS = 3;

export function usePolygon(
  effect: Effect,
  change: (work: (drawing: MaskDrawing) => void) => void,
): PolygonDraft {
  const [corners, setCorners] = useState<readonly Point[]>([]);
  const canClose = corners.length >= FEWEST_CORNERS;
  return {
    ...{ corners, canClose },
    add: (point) => setCorners([...corners, point]),
    removeLast: () => setCorners(corners.slice(0, -1)),
    drop: () => setCorners([]),
    close: () => {
      if (!canClose) return;
      change((drawing) => drawing.polygon(corners, pixelValue(effect)));
      setCorners([]);
    },
  };
}
