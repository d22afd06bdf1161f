/** @file How corners are set by pointer and keyboard, and, for who listens, where the cross is. */
import type { Point } from './mask-drawing.ts';

interface DrawingHelpProps {
  id: string;
  /** What the corners close to; beside polygons there is a brush. */
  shape: 'polygon' | 'region';
  cross: Point | null;
  corners: number;
}

export function DrawingHelp({ id, shape, cross, corners }: DrawingHelpProps) {
  return (
    <>
      <p id={id} className="mt-2 text-sm text-ink-soft">
        Click to set corners; a click on the first one closes the {shape}. By keyboard: arrow keys
        move a cross (with Shift by one pixel), Space sets a corner
        {shape === 'polygon' ? ' or a dab of the brush' : ''}, Enter closes the {shape}, Backspace
        removes its last corner, Escape drops it, Ctrl+Z undoes.
      </p>
      <p aria-live="polite" className="sr-only">
        {cross === null ? '' : `${Math.round(cross[0])}, ${Math.round(cross[1])}`}
        {corners === 0 ? '' : `; ${corners} corners`}
      </p>
    </>
  );
}
