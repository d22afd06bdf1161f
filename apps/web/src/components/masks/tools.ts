/** @file What is drawn with. */

export type Shape = 'polygon' | 'brush' | 'move';
export type Effect = 'mark' | 'erase';

export interface Tools {
  readonly shape: Shape;
  readonly effect: Effect;
  /** Of the brush, pixels of the image across. */
  readonly brush: number;
  /** 1: the whole image is seen. */
  readonly zoom: number;
}

export const ZOOMS = [1, 1.5, 2, 3, 4, 6, 8, 12, 16] as const;

export const pixelValue = (effect: Effect): 0 | 1 => (effect === 'mark' ? 1 : 0);

/** The next step of the zoom in a direction; the same at its end. */
export function nextZoom(zoom: number, direction: 1 | -1): number {
  const at = ZOOMS.findIndex((one) => one >= zoom);
  return ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, at + direction))] ?? 1;
}
