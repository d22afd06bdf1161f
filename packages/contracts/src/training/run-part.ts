/** @file Parts of a run, of which estimates and progress are made. */
import type { RunStage } from '../run-stage.ts';

/** Its stages are those of the run; a part is what progress is told of. */
export interface RunPart {
  readonly stage: Exclude<RunStage, 'queued' | 'done'>;
  readonly part: string;
  /** Parts of one key take the same time for a unit. Up to the first slash: the kind of work. */
  readonly key: string;
  /** Images, steps, … */
  readonly units: number;
  /** By the constants. */
  readonly expectedSeconds: number;
}

/** Fits that each lack a part of the normal images, where a method `crossFits`. */
export const FOLDS = 10;
/** Progress is told of these fits under one name. */
export const FOLDS_PART = 'scores of images without themselves';
