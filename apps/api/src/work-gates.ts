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

export function createWorkGates(): WorkGates {
  const places = Math.min(4, availableParallelism() + 1);
  return {
    inspections: new WorkGate({ places, waitMs: 30_000 }),
    heatmaps: new WorkGate({ places: 2, waitMs: 60_000 }),
    thumbnails: new WorkGate({ places, waitMs: 60_000 }),
  };
}
