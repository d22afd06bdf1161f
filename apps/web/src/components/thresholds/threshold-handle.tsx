/** @file A threshold line that is dragged, or moved by the arrow keys. */
'use client';

import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { classNames } from '~/components/ui/class-names.ts';
import { formatScore } from '~/format/format-number.ts';
import { placeOf, type ScoreScale, valueAt } from './score-scale.ts';

/** Arrow keys move by a two-hundredth of the axis, with Shift or Page keys by a twentieth. */
const STEP = 1 / 200;
const LARGE_STEP = 1 / 20;

interface ThresholdHandleProps {
  label: string;
  /** On the line itself. */
  mark: string;
  value: number;
  scale: ScoreScale;
  dashed?: boolean;
  onMove: (value: number) => void;
}

export function ThresholdHandle({
  label,
  mark,
  value,
  scale,
  dashed,
  onMove,
}: ThresholdHandleProps) {
  const line = useRef<HTMLDivElement>(null);
  const place = placeOf(value, scale);
  const move = (to: number) => onMove(valueAt(to, scale));

  const onKeyDown = (event: KeyboardEvent) => {
    const to = placeByKey(event, place);
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  const onPointerMove = (event: PointerEvent) => {
    const axis = line.current?.parentElement?.getBoundingClientRect();
    if (axis === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    move((event.clientX - axis.left) / axis.width);
  };
  return (
    <div
      ref={line}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={scale.low}
      aria-valuemax={scale.high}
      aria-valuenow={value}
      aria-valuetext={formatScore(value)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={onPointerMove}
      className="absolute inset-y-0 z-10 w-6 -translate-x-1/2 cursor-ew-resize touch-none"
      style={{ left: `${place * 100}%` }}
    >
      <span
        className={classNames(
          'absolute top-0 bottom-5 left-1/2 -translate-x-1/2 border-l-2 border-ink',
          dashed && 'border-dashed',
        )}
      />
      <span className="absolute bottom-0 left-1/2 -translate-x-1/2 rounded-sm bg-ink px-1 font-semibold text-paper text-xs">
        {mark}
      </span>
    </div>
  );
}

/** Where a key moves a line; undefined for a key that moves none. */
function placeByKey({ key, shiftKey }: KeyboardEvent, place: number): number | undefined {
  const step = shiftKey ? LARGE_STEP : STEP;
  const places: Readonly<Record<string, number>> = {
    ArrowLeft: place - step,
    ArrowDown: place - step,
    ArrowRight: place + step,
    ArrowUp: place + step,
    PageDown: place - LARGE_STEP,
    PageUp: place + LARGE_STEP,
    Home: 0,
    End: 1,
  };
  return places[key];
}
