/** @file The image with the mask over it, which is drawn on. */
'use client';

import type { ImageBlob } from '@plumbline/contracts';
import { type RefObject, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { classNames } from '~/components/ui/class-names.ts';
import { Picture } from '~/components/ui/picture.tsx';
import { blobUrl } from '~/format/api-paths.ts';
import { DraftOverlay } from './draft-overlay.tsx';
import { DrawingHelp } from './drawing-help.tsx';
import type { MaskDrawing, Point } from './mask-drawing.ts';
import { paintMask } from './paint-mask.ts';
import type { Tools } from './tools.ts';
import { useKeys } from './use-keys.ts';
import { usePointer } from './use-pointer.ts';
import type { PolygonDraft } from './use-polygon.ts';

interface DrawingAreaProps {
  image: ImageBlob;
  drawing: MaskDrawing;
  revision: number;
  tools: Tools;
  polygon: PolygonDraft;
  disabled: boolean;
  change(work: (drawing: MaskDrawing) => void): void;
}

/** Of the image as it is shown, pixels: enough of every image that fits a screen. */
const SHOWN_SIDE = 2048;
/** Smaller images are shown with their pixels. */
const SMALL_SIDE = 400;

export function DrawingArea(props: DrawingAreaProps) {
  const { image, drawing, revision, tools, polygon, disabled, change } = props;
  const [cursor, setCursor] = useState<Point | null>(null);
  const [cross, setCross] = useState<Point | null>(null);
  const view = useRef<HTMLDivElement>(null);
  const helpId = useId();
  const onKeyDown = useKeys({
    ...{ tools, size: image, polygon, cross, change },
    moveCross: setCross,
  });
  const pointer = usePointer({
    ...{ tools, size: image, polygon, view, change },
    onCursor: setCursor,
  });
  const canvas = usePainted(drawing, revision);
  useKeptCenter(view, tools.zoom);
  const isSmall = Math.max(image.width, image.height) < SMALL_SIDE;
  return (
    <div>
      <div
        ref={view}
        role="application"
        aria-label="Image to draw on"
        aria-describedby={helpId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is drawn on by keyboard, and scrolls
        tabIndex={0}
        className="max-h-[70dvh] overflow-auto rounded-md border border-line bg-sunken"
        onKeyDown={disabled ? undefined : onKeyDown}
        onBlur={() => setCross(null)}
      >
        <div
          className={classNames(
            'relative mx-auto select-none',
            tools.shape === 'move' ? 'cursor-grab' : 'cursor-crosshair touch-none',
          )}
          style={sizeOf(image, tools.zoom)}
          {...(disabled ? {} : pointer)}
        >
          <Picture
            src={blobUrl(image.sha256, SHOWN_SIDE)}
            alt=""
            draggable={false}
            className={classNames(
              'absolute inset-0 size-full',
              isSmall && '[image-rendering:pixelated]',
            )}
          />
          <canvas
            ref={canvas}
            width={image.width}
            height={image.height}
            className="absolute inset-0 size-full [image-rendering:pixelated]"
          />
          <DraftOverlay {...{ image, tools, cross, cursor }} corners={polygon.corners} />
        </div>
      </div>
      <DrawingHelp id={helpId} shape="polygon" cross={cross} corners={polygon.corners.length} />
    </div>
  );
}

/** As large as the page and the window allow, times the zoom. */
function sizeOf({ width, height }: ImageBlob, zoom: number) {
  return {
    width: `calc(min(100%, 70dvh * ${width / height} - 2px) * ${zoom})`,
    aspectRatio: `${width} / ${height}`,
  };
}

/** The canvas that shows the drawing. */
function usePainted(drawing: MaskDrawing, revision: number) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each revision has changed some of its pixels
  useEffect(() => {
    if (canvas.current !== null) paintMask(canvas.current, drawing);
  }, [drawing, revision]);
  return canvas;
}

/** What is in the middle stays there when the zoom changes. */
function useKeptCenter(view: RefObject<HTMLElement | null>, zoom: number): void {
  const before = useRef(zoom);
  useLayoutEffect(() => {
    const { current } = view;
    const factor = zoom / before.current;
    before.current = zoom;
    if (current === null || factor === 1) return;
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = current;
    current.scrollTo(
      (scrollLeft + clientWidth / 2) * factor - clientWidth / 2,
      (scrollTop + clientHeight / 2) * factor - clientHeight / 2,
    );
  }, [view, zoom]);
}
