/** @file When a loss counts as no longer falling. */

/** Checks without a better loss after which a training ends. */
const PATIENCE = 10;
/** How much lower a loss must be to count as better, relative. */
const BETTER = 1e-3;
const FEWEST_STEPS_BETWEEN_CHECKS = 20;

/** The best held-out loss so far, and how many checks ago it was. Part of a checkpoint. */
export interface Plateau {
  readonly best: number;
  readonly checksSince: number;
}

/** The plateau after one more check. */
export function nextPlateau(before: Plateau | null, loss: number): Plateau {
  if (before === null || loss < before.best * (1 - BETTER)) return { best: loss, checksSince: 0 };
  return { best: before.best, checksSince: before.checksSince + 1 };
}

export function isOver(plateau: Plateau | null): boolean {
  return plateau !== null && plateau.checksSince >= PATIENCE;
}

/** Steps between checks: an epoch. */
export function stepsBetweenChecks(images: number, batchSize: number): number {
  return Math.max(FEWEST_STEPS_BETWEEN_CHECKS, Math.floor(images / batchSize));
}
