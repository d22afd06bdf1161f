/** @file For tests: a fit that may be cancelled after some steps, and goes on from what it saved. */
import { createHash } from 'node:crypto';
import { type FitState, NO_CHECKPOINTS } from '../training/fit-state.ts';
import type { FitOptions, FittedMethod } from './method.ts';

export interface Attempt {
  /** Saved before and after. */
  saved: FitState | null;
  /** Cancelled after this many steps of this attempt, of all parts together. */
  stopAfter?: number;
}

/** What a fit is given, so that it can be cancelled and taken up. */
export type Interruption = Pick<
  FitOptions,
  'checkpointEveryMs' | 'checkpoints' | 'signal' | 'onProgress'
>;

/** @param train Trains from the start or from what was saved. @returns SHA-256 of the fitted graph. */
export async function interruptedFit(
  attempt: Attempt,
  train: (interruption: Interruption) => Promise<FittedMethod>,
  onProgress: FitOptions['onProgress'] = () => {},
): Promise<string> {
  const abort = new AbortController();
  let done = 0;
  const fitted = await train({
    checkpointEveryMs: 0,
    checkpoints: {
      ...NO_CHECKPOINTS,
      load: async () => attempt.saved,
      save: async (state) => {
        attempt.saved = structuredClone(state);
      },
    },
    signal: abort.signal,
    onProgress: (progress) => {
      onProgress(progress);
      if (++done === attempt.stopAfter) abort.abort();
    },
  });
  return createHash('sha256').update(fitted.graph).digest('hex');
}

/** The hash of a fit that is stopped after so many steps and taken up from what it saved. @throws Error when nothing stops it */
export async function hashAfterStop(
  fitHash: (attempt: Attempt) => Promise<string>,
  stopAfter: number,
): Promise<string> {
  const attempt: Attempt = { saved: null, stopAfter };
  const ended = await fitHash(attempt).catch(() => null);
  if (ended !== null || attempt.saved === null) throw new Error(`not stopped after ${stopAfter}`);
  return fitHash({ saved: attempt.saved });
}
