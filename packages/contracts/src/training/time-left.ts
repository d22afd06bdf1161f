/** @file How much of a run is done and how long the rest will take, from its estimated parts and the pace so far. */
import type { RunEstimate } from './estimate-run.ts';

type TimedPart = Pick<RunEstimate['parts'][number], 'seconds'>;

export interface RunPosition {
  readonly parts: readonly TimedPart[];
  /** Index of the part that is being worked on. */
  readonly current: number;
  /** Of that part, 0 to 1. */
  readonly fraction: number;
  /** Seconds in that part so far. */
  readonly secondsInPart: number;
  /** What the parts before it took; null for one that was not watched from its beginning to its end. */
  readonly taken: readonly (number | null)[];
}

export interface TimeLeft {
  /** Of the whole run, 0 to 1. */
  readonly progress: number;
  readonly seconds: number;
}

/** Share of a part after which its own pace counts as much as its estimate: the first steps of a part are slow. */
const EVEN_AT = 0.15;
/** How far a run may correct the estimates of what is still to come. */
const MOST_CORRECTION = 3;

export function timeLeft({
  parts,
  current,
  fraction,
  secondsInPart,
  taken,
}: RunPosition): TimeLeft {
  const total = parts.reduce((sum, part) => sum + part.seconds, 0);
  if (total <= 0) return { progress: 0, seconds: 0 };
  const before = parts.slice(0, current).reduce((sum, part) => sum + part.seconds, 0);
  const own = parts[current]?.seconds ?? 0;
  const later = Math.max(0, total - before - own);
  // The current part counts as far as it has come, so that nothing jumps where it ends.
  const known = taken.map((seconds, index) => [parts[index]?.seconds ?? 0, seconds] as const);
  const correction = correctionFrom([...known, [own * fraction, secondsInPart]], total);
  return {
    progress: Math.min(1, (before + own * fraction) / total),
    seconds: ownLeft(own * correction, fraction, secondsInPart) + later * correction,
  };
}

/** From the estimate at first, from the pace in the end. */
function ownLeft(estimated: number, fraction: number, secondsInPart: number): number {
  const byEstimate = estimated * (1 - fraction);
  if (fraction <= 0) return Math.max(0, Math.max(estimated - secondsInPart, 0.1 * estimated));
  const byPace = (secondsInPart * (1 - fraction)) / fraction;
  const weight = fraction / (fraction + EVEN_AT);
  return weight * byPace + (1 - weight) * byEstimate;
}

/** How much slower than estimated the run has been; parts weigh by their time, and few seconds say little. */
function correctionFrom(
  known: readonly (readonly [estimated: number, taken: number | null])[],
  total: number,
): number {
  const weight = 0.25 * total;
  let [estimated, actual] = [weight, weight];
  for (const [expected, seconds] of known) {
    if (seconds === null || expected === 0) continue;
    estimated += expected;
    actual += seconds;
  }
  return Math.min(MOST_CORRECTION, Math.max(1 / MOST_CORRECTION, actual / estimated));
}
