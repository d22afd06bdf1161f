/** @file The regions that are being drawn: those that are closed, the one that is not, and the way back. */
'use client';

import type { IgnorePolygon } from '@plumbline/contracts';
import { useState } from 'react';
import { type PolygonDraft, usePolygon } from '~/components/masks/use-polygon.ts';

export interface Regions {
  readonly polygons: readonly IgnorePolygon[];
  readonly draft: PolygonDraft;
  readonly isChanged: boolean;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  undo(): void;
  redo(): void;
  remove(index: number): void;
}

interface History {
  readonly states: readonly (readonly IgnorePolygon[])[];
  readonly at: number;
}

/** Enough for any screen, and short in a manifest. */
const DIGITS = 1e5;

export function useRegions(
  initial: readonly IgnorePolygon[],
  { width, height }: { readonly width: number; readonly height: number },
): Regions {
  const [history, setHistory] = useState<History>({ states: [initial], at: 0 });
  const drawn = usePolygon('mark', () => {});
  const { states, at } = history;
  const polygons = states[at] ?? initial;
  const set = (next: readonly IgnorePolygon[]) =>
    setHistory({ states: [...states.slice(0, at + 1), next], at: at + 1 });
  const toShare = (value: number, size: number) =>
    Math.max(0, Math.min(1, Math.round((DIGITS * value) / size) / DIGITS));
  const close = () => {
    if (!drawn.canClose) return;
    const polygon = drawn.corners.map(([x, y]): [number, number] => [
      toShare(x, width),
      toShare(y, height),
    ]);
    set([...polygons, polygon]);
    drawn.drop();
  };
  const canUndo = at > 0;
  const canRedo = at < states.length - 1;
  return {
    ...{ polygons, canUndo, canRedo },
    draft: { ...drawn, close },
    isChanged: JSON.stringify(polygons) !== JSON.stringify(initial),
    undo: () => canUndo && setHistory({ states, at: at - 1 }),
    redo: () => canRedo && setHistory({ states, at: at + 1 }),
    remove: (index) => set(polygons.filter((_, other) => other !== index)),
  };
}
