/** @file When a run whose attempt failed is tried again, and how it waits. */

/** Before the second, third, … attempt: a restarted database takes seconds, a full disk somebody who looks. */
export const RETRY_DELAYS_MS: readonly number[] = [5_000, 20_000, 60_000, 180_000];
export const RUN_ATTEMPTS = RETRY_DELAYS_MS.length + 1;

/** The row of a run that waits. */
export const WAITING = { status: 'queued', stage: 'queued', trainerId: null, etaSeconds: null };

export function retrySentence(
  delayMs: number,
  attempt: number,
  attempts: number,
  reason: string,
): string {
  return `Retrying in ${delayMs / 1000} s (attempt ${attempt} of ${attempts}): ${reason}`;
}
