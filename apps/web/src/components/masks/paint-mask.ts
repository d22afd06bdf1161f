/** @file Paints what has changed of a drawing. */
import type { MaskDrawing } from './mask-drawing.ts';

/** Seen on gray parts, on dark and on bright ones; half of the image shines through. */
const COLOR = [255, 60, 40, 140] as const;

export function paintMask(canvas: HTMLCanvasElement, drawing: MaskDrawing): void {
  const dirty = drawing.takeDirty();
  const context = canvas.getContext('2d');
  if (dirty === null || context === null) return;
  const { left, top, right, bottom } = dirty;
  const pixels = new ImageData(right - left, bottom - top);
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++)
      if (drawing.data[y * drawing.width + x] === 1)
        pixels.data.set(COLOR, 4 * ((y - top) * (right - left) + x - left));
  context.putImageData(pixels, left, top);
}
