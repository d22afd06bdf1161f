/** @file A watch that keeps the state at which the loss on held-out normal images was smallest. */
import { spreadBatches } from './batches.ts';
import { stepsBetweenChecks } from './plateau.ts';
import type { HeldOutLossSpec, HeldOutWatch } from './trainable.ts';

export interface KeepBestOptions<Source> {
  readonly preset: { readonly keepBest: boolean };
  /** Training images that are drawn; more where a step takes parts of them. */
  readonly images: number;
  /** Of a step. */
  readonly batchSize: number;
  /** Held-out images whose loss is computed at once, at most. Default `batchSize`. */
  readonly atOnce?: number;
  readonly heldOut: Source | undefined;
}

/** @returns Undefined where the preset keeps the last state, or no image is held out. */
export function keepBestWatch<Source extends { readonly count: number }>(
  { preset, images, batchSize, atOnce, heldOut }: KeepBestOptions<Source>,
  lossOf: (heldOut: Source, batchSize: number) => Omit<HeldOutLossSpec, 'batches'>,
): HeldOutWatch | undefined {
  if (!preset.keepBest || heldOut === undefined || heldOut.count === 0) return undefined;
  const size = atOnce === undefined ? batchSize : Math.min(atOnce, heldOut.count);
  return {
    everySteps: stepsBetweenChecks(images, batchSize),
    purpose: 'keepBest',
    heldOut: { ...lossOf(heldOut, size), batches: spreadBatches(heldOut.count, size) },
  };
}
