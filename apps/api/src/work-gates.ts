/** @file A gate for each kind of work with images, so that one kind that is slow or stuck holds up no other. */
import { availableParallelism } from 'node:os';
import { WorkGate } from './work-gate.ts';

export interface WorkGates {
  /** Images that somebody sent. */
  readonly inspections: WorkGate;
  /** Heatmaps of test images: a gallery asks for many at once. */
  readonly heatmaps: WorkGate;
  /** Never wait for inference. */
  readonly thumbnails: WorkGate;
}

/** @param computing Images that one version computes at once. */
export function createWorkGates(computing: number): WorkGates {
  const places = Math.min(4, availableParallelism() + 1);
  return {
    // One more is decoded, and one is answered. Batches leave a place free, so that whoever comes does not wait for one.
    inspections: new WorkGate({
      places: Math.max(places, computing + 2),
      waitMs: 30_000,
      asidePlaces: Math.max(2, computing + 1),
    }),
    heatmaps: new WorkGate({ places: 2, waitMs: 60_000 }),
    thumbnails: new WorkGate({ places, waitMs: 60_000 }),
  };
}
