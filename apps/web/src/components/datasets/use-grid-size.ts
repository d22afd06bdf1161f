/** @file How many images fit beside each other, how high a row of them is, and where the grid begins. */
'use client';

import { type RefObject, useEffect, useState } from 'react';

interface GridSize {
  readonly columns: number;
  /** Pixels, with the space below. */
  readonly rowHeight: number;
  /** Pixels from the top of the page. */
  readonly top: number;
}

/** Of a tile beside its square image: padding, border, caption, and the space to the next ones. */
const AROUND_PX = { across: 12 + 14, down: 14 + 30 + 12 };

/** @returns what is usual until the grid has been measured */
export function useGridSize(grid: RefObject<HTMLElement | null>): GridSize {
  const [size, setSize] = useState<GridSize>({ columns: 6, rowHeight: 220, top: 0 });
  useEffect(() => {
    const element = grid.current;
    if (element === null) return;
    const measure = () => {
      const columns = columnsOf(window.innerWidth);
      const rowHeight = element.clientWidth / columns - AROUND_PX.across + AROUND_PX.down;
      const top = element.getBoundingClientRect().top + window.scrollY;
      setSize((known) =>
        known.columns === columns && known.rowHeight === rowHeight && known.top === top
          ? known
          : { columns, rowHeight, top },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // What is above the grid may open and close.
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [grid]);
  return size;
}

/** As the breakpoints of the first page's grid. */
function columnsOf(windowWidth: number): number {
  if (windowWidth >= 1024) return 6;
  return windowWidth >= 640 ? 4 : 2;
}
