/** @file An image of the category with its regions over it, drawn corner by corner. */
'use client';

import type { ImageBlob } from '@plumbline/contracts';
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { DraftOverlay } from '~/components/masks/draft-overlay.tsx';
import { DrawingHelp } from '~/components/masks/drawing-help.tsx';
import type { Point } from '~/components/masks/mask-drawing.ts';
import type { Tools } from '~/components/masks/tools.ts';
import { useKeys } from '~/components/masks/use-keys.ts';
import { usePointer } from '~/components/masks/use-pointer.ts';
import { Picture } from '~/components/ui/picture.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { IgnoreOverlay } from './ignore-overlay.tsx';
import type { Regions } from './use-regions.ts';

interface RegionAreaProps {
  image: ImageBlob;
  regions: Regions;
  disabled: boolean;
}

const TOOLS: Tools = { shape: 'polygon', effect: 'mark', brush: 1, zoom: 1 };
const SHOWN_SIDE = 2048;
/** Regions are drawn by corners alone. */
const noPixels = () => {};

export function RegionArea({ image, regions, disabled }: RegionAreaProps) {
  const [cursor, setCursor] = useState<Point | null>(null);
  const [cross, setCross] = useState<Point | null>(null);
  const view = useRef<HTMLDivElement>(null);
  const helpId = useId();
  const { draft } = regions;
  const shared = { tools: TOOLS, size: image, polygon: draft, change: noPixels };
  const drawByKey = useKeys({ ...shared, cross, moveCross: setCross });
  const pointer = usePointer({ ...shared, view, onCursor: setCursor });
  const onKeyDown = (event: KeyboardEvent) => {
    const letter = event.key.toLowerCase();
    const isHistory = (event.ctrlKey || event.metaKey) && (letter === 'z' || letter === 'y');
    if (!isHistory) return drawByKey(event);
    event.preventDefault();
    if (letter === 'y' || event.shiftKey) regions.redo();
    else regions.undo();
  };
  return (
    <div>
      <div
        ref={view}
        role="application"
        aria-label="Image to draw regions on"
        aria-describedby={helpId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is drawn on by keyboard
        tabIndex={0}
        className="overflow-hidden rounded-md border border-line bg-sunken"
        onKeyDown={disabled ? undefined : onKeyDown}
        onBlur={() => setCross(null)}
      >
        <div
          className="relative mx-auto cursor-crosshair touch-none select-none"
          style={{
            width: `min(100%, 70dvh * ${image.width / image.height} - 2px)`,
            aspectRatio: `${image.width} / ${image.height}`,
          }}
          {...(disabled ? {} : pointer)}
        >
          <Picture
            src={blobUrl(image.sha256, SHOWN_SIDE)}
            alt=""
            draggable={false}
            className="absolute inset-0 size-full"
          />
          <IgnoreOverlay image={image} polygons={regions.polygons} />
          <DraftOverlay {...{ image, cross, cursor }} tools={TOOLS} corners={draft.corners} />
        </div>
      </div>
      <DrawingHelp id={helpId} shape="region" cross={cross} corners={draft.corners.length} />
    </div>
  );
}
