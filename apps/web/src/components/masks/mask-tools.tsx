/** @file The tools of the mask editor. */
'use client';

import { Maximize, Redo2, Undo2, ZoomIn, ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '~/components/ui/button.tsx';
import { Field } from '~/components/ui/field.tsx';
import { Segmented } from '~/components/ui/segmented.tsx';
import type { MaskDrawing } from './mask-drawing.ts';
import { type Effect, nextZoom, type Shape, type Tools, ZOOMS } from './tools.ts';
import type { PolygonDraft } from './use-polygon.ts';

const SHAPES: { value: Shape; label: string }[] = [
  { value: 'polygon', label: 'Polygon' },
  { value: 'brush', label: 'Brush' },
  { value: 'move', label: 'Move' },
];
const EFFECTS: { value: Effect; label: string }[] = [
  { value: 'mark', label: 'Mark' },
  { value: 'erase', label: 'Erase' },
];

interface MaskToolsProps {
  tools: Tools;
  /** Of the brush, at most. */
  largestBrush: number;
  drawing: MaskDrawing;
  polygon: PolygonDraft;
  disabled: boolean;
  onTools: (tools: Tools) => void;
  change: (work: (drawing: MaskDrawing) => void) => void;
}

export function MaskTools(props: MaskToolsProps) {
  const { tools, largestBrush, polygon, disabled, onTools } = props;
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-end gap-x-5 gap-y-3">
        <Segmented
          legend="Tool"
          choices={SHAPES}
          value={tools.shape}
          disabled={disabled}
          onChange={(shape) => {
            polygon.drop();
            onTools({ ...tools, shape });
          }}
        />
        <Segmented
          legend="Effect"
          choices={EFFECTS}
          value={tools.effect}
          disabled={disabled}
          onChange={(effect) => onTools({ ...tools, effect })}
        />
        {tools.shape === 'brush' ? (
          <Field label={`Brush, ${tools.brush} px`}>
            {(wiring) => (
              <input
                {...wiring}
                type="range"
                min={1}
                max={largestBrush}
                value={tools.brush}
                disabled={disabled}
                className="h-9 w-40 accent-accent"
                onChange={(event) => onTools({ ...tools, brush: Number(event.target.value) })}
              />
            )}
          </Field>
        ) : null}
        {tools.shape === 'polygon' && polygon.corners.length > 0 ? (
          <Button
            variant="secondary"
            disabled={disabled || !polygon.canClose}
            onClick={polygon.close}
          >
            Close the polygon
          </Button>
        ) : null}
      </div>
      <ViewTools {...props} />
    </div>
  );
}

function ViewTools({ tools, drawing, disabled, onTools, change }: MaskToolsProps) {
  const zoomTo = (zoom: number) => onTools({ ...tools, zoom });
  const last = ZOOMS[ZOOMS.length - 1] ?? 1;
  return (
    <div className="flex flex-wrap items-center gap-1">
      <IconButton
        label="Undo"
        disabled={disabled || !drawing.canUndo}
        onClick={() => change((one) => one.undo())}
      >
        <Undo2 aria-hidden="true" className="size-4" />
      </IconButton>
      <IconButton
        label="Redo"
        disabled={disabled || !drawing.canRedo}
        onClick={() => change((one) => one.redo())}
      >
        <Redo2 aria-hidden="true" className="size-4" />
      </IconButton>
      <IconButton
        label="Zoom out"
        disabled={tools.zoom === 1}
        onClick={() => zoomTo(nextZoom(tools.zoom, -1))}
      >
        <ZoomOut aria-hidden="true" className="size-4" />
      </IconButton>
      <IconButton
        label="Zoom in"
        disabled={tools.zoom === last}
        onClick={() => zoomTo(nextZoom(tools.zoom, 1))}
      >
        <ZoomIn aria-hidden="true" className="size-4" />
      </IconButton>
      <IconButton
        label="Show the whole image"
        disabled={tools.zoom === 1}
        onClick={() => zoomTo(1)}
      >
        <Maximize aria-hidden="true" className="size-4" />
      </IconButton>
      <span className="px-2 text-sm text-ink-soft">{Math.round(tools.zoom * 100)} %</span>
      <Button
        variant="quiet"
        disabled={disabled || drawing.marked === 0}
        onClick={() => change((one) => one.clear())}
      >
        Erase all
      </Button>
    </div>
  );
}

interface IconButtonProps {
  label: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}

function IconButton({ label, children, ...props }: IconButtonProps) {
  return (
    <Button variant="secondary" aria-label={label} title={label} className="px-2.5" {...props}>
      {children}
    </Button>
  );
}
