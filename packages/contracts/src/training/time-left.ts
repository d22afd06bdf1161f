/** @file How much of a run is done and how long the rest will take, from its estimated parts and the pace so far. */
import type { RunEstimate } from './estimate-run.ts';

type TimedPart = Pick<RunEstimate['parts'][number], 'seconds'>;

export interface RunPosition {
  readonly parts: readonly TimedPart[];
  /** Index of the part that is being worked on. */
  readonly current: number;
  /** Of that part, 0 to 1. */
  readonly fraction: number;
  /** What of it was done before it began here: in a cache, or before the run was taken up again. */
  readonly begunAt: number;
  /** Seconds in that part so far. */
  readonly secondsInPart: number;
  /** By what was watched of the part; null before there is anything to go by. */
  readonly pace: Pace | null;
  /** What of the parts before it was done here; null for one of which nothing was. */
  readonly taken: readonly (PartDone | null)[];
}

/** Between the first word of a part and the last: what comes before, loading a graph say, comes once. */
export interface Pace {
  readonly seconds: number;
  /** Of the part's work, above 0. */
  readonly share: number;
}

/** What was done of a part, and how long that took. */
export interface PartDone {
  readonly seconds: number;
  /** Of its work, 0 to 1. */
  readonly share: number;
}

export interface TimeLeft {
  /** Of the whole run, 0 to 1. */
  readonly progress: number;
  readonly seconds: number;
}

/** Share of a part after which its own pace counts as much as its estimate: the first steps of a part are slow. */
const EVEN_AT = 0.15;
/** Share of what is left of a run that its estimate is believed for, against what it has taken so far. */
const DOUBT = 0.25;
/** How far a run may correct the estimates of what is still to come. */
const MOST_CORRECTION = 10;

export function timeLeft({
  parts,
  current,
  fraction,
  begunAt,
  secondsInPart,
  pace,
  taken,
}: RunPosition): TimeLeft {
  const total = parts.reduce((sum, part) => sum + part.seconds, 0);
  if (total <= 0) return { progress: 0, seconds: 0 };
  const before = parts.slice(0, current).reduce((sum, part) => sum + part.seconds, 0);
  const own = parts[current]?.seconds ?? 0;
  const later = Math.max(0, total - before - own);
  // The current part counts as far as it has come, so that nothing jumps where it ends.
  const known = taken.map(
    (done, index) =>
      [(parts[index]?.seconds ?? 0) * (done?.share ?? 0), done?.seconds ?? 0] as const,
  );
  const here = Math.max(0, fraction - begunAt);
  const correction = correctionFrom([...known, [own * here, secondsInPart]], total);
  return {
    progress: Math.min(1, (before + own * fraction) / total),
    seconds: ownLeft(own * correction, { fraction, secondsInPart, pace }) + later * correction,
  };
}

/** From the estimate at first, from the pace in the end. */
function ownLeft(
  estimated: number,
  { fraction, secondsInPart, pace }: Pick<RunPosition, 'fraction' | 'secondsInPart' | 'pace'>,
): number {
  const byEstimate = estimated * (1 - fraction);
  if (pace === null)
    return fraction > 0 ? byEstimate : Math.max(byEstimate - secondsInPart, 0.1 * byEstimate);
  const byPace = (pace.seconds * (1 - fraction)) / pace.share;
  const weight = pace.share / (pace.share + EVEN_AT);
  return weight * byPace + (1 - weight) * byEstimate;
}

/** How much slower than estimated the run has been; parts weigh by their time, and few seconds say little. */
function correctionFrom(
  known: readonly (readonly [estimated: number, taken: number])[],
  total: number,
): number {
  let [estimated, actual] = [0, 0];
  for (const [expected, seconds] of known) {
    if (expected === 0) continue;
    estimated += expected;
    actual += seconds;
  }
  // As if so much had taken what it was estimated at: less, the more is known.
  const weight = DOUBT * Math.max(0, total - estimated);
  return Math.min(
    MOST_CORRECTION,
    Math.max(1 / MOST_CORRECTION, (actual + weight) / (estimated + weight)),
  );
}
