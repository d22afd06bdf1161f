/** @file Progress that is written now and then. */

/** How often progress is written, milliseconds. */
const PROGRESS_EVERY_MS = 300;

/** Writes at most one update at a time, and not more often than the interval; a lost one does no harm. */
export function throttled(
  write: (checked: number, total: number) => Promise<void>,
): (checked: number, total: number) => void {
  let last = 0;
  let busy = false;
  return (checked, total) => {
    if (busy || Date.now() - last < PROGRESS_EVERY_MS) return;
    last = Date.now();
    busy = true;
    write(checked, total)
      .catch(() => {})
      .finally(() => {
        busy = false;
      });
  };
}
