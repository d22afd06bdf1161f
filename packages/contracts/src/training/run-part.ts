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
  /** Of a fit: images whose features it reads, each time counted, if it reads them in order. */
  readonly readImages?: number;
  /** What it is made of, where features are computed as they are read: `streamedParts`. */
  readonly streamed?: { readonly own: RunPart; readonly features: RunPart };
}

/** Fits that each lack a part of the normal images, where a method `crossFits`. */
export const FOLDS = 10;
/**
 * Images of a category that these fits score, at most: thresholds rest on a few hundred scores as well as on thousands,
 * and each costs as much as an answer.
 */
export const FOLD_IMAGES = 300;
/** Progress is told of these fits under one name. */
export const FOLDS_PART = 'scores of images without themselves';

/** Images that are scored by fits without them, or else by the one that learned from them. @param categoryImages Training images of each category. */
export function foldedImages(categoryImages: readonly number[]): number {
  return categoryImages.reduce((sum, images) => sum + Math.min(images, FOLD_IMAGES), 0);
}
