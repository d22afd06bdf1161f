/** @file How long a run will take: its parts, at the rates of past runs on this machine where there are any. */
import { z } from 'zod';
import { trainingCoverageSchema } from './coverage.ts';
import type { RunPart } from './run-part.ts';

/** A part of a finished run. */
export interface PartTiming extends Pick<RunPart, 'key' | 'units' | 'expectedSeconds'> {
  readonly runId: string;
  readonly seconds: number;
}

export const runEstimateSchema = z.object({
  seconds: z.number(),
  lowSeconds: z.number(),
  highSeconds: z.number(),
  /** Past runs on this machine that most of it rests on; 0 where such work has not been done here yet. */
  runs: z.number().int(),
  parts: z.array(
    z.object({ stage: z.string(), part: z.string(), seconds: z.number(), runs: z.number().int() }),
  ),
});
export type RunEstimate = z.infer<typeof runEstimateSchema>;

/** Beside the time, what training will see of the images. */
export const trainingEstimateSchema = runEstimateSchema.extend({
  coverage: z.array(trainingCoverageSchema),
});
export type TrainingEstimate = z.infer<typeof trainingEstimateSchema>;

/** Newest timings that a rate is taken from: a machine changes. */
const NEWEST = 8;
/** Spread that is assumed where there are too few runs to see one, and where there are none. */
const FEW_RUNS_SPREAD = 1.25;
const UNMEASURED_SPREAD = 2;
/** Share of the time that has to be measured for the whole to count as measured. */
const MEASURED_SHARE = 0.7;

interface EstimatedPart extends RunPart {
  readonly seconds: number;
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly runs: number;
}

/**
 * @param timings Of this machine, newest first.
 * @param speed Seconds that this machine takes for what takes the constants' one; for where nothing was measured.
 */
export function estimateRun(
  parts: readonly RunPart[],
  timings: readonly PartTiming[],
  speed = 1,
): RunEstimate {
  const estimated = parts.map((part) => estimatePart(part, timings, speed));
  const sum = (of: (part: EstimatedPart) => number) =>
    estimated.reduce((total, part) => total + of(part), 0);
  const seconds = sum((part) => part.seconds);
  const measured = sum((part) => (part.runs > 0 ? part.seconds : 0));
  const isMeasured = seconds > 0 && measured >= MEASURED_SHARE * seconds;
  // The part that takes longest says how many runs the whole rests on.
  const longest = estimated.reduce<EstimatedPart | null>(
    (most, part) => (part.runs > 0 && part.seconds > (most?.seconds ?? 0) ? part : most),
    null,
  );
  return {
    seconds,
    lowSeconds: sum((part) => part.lowSeconds),
    highSeconds: sum((part) => part.highSeconds),
    runs: isMeasured ? (longest?.runs ?? 0) : 0,
    parts: estimated.map(({ stage, part, seconds: each, runs }) => ({
      ...{ stage, part, runs },
      seconds: each,
    })),
  };
}

/** By timings of the same work; of the same kind; of anything here; by the machine's speed: the first there are. */
function estimatePart(part: RunPart, timings: readonly PartTiming[], speed: number): EstimatedPart {
  const same = timings.filter(({ key, units }) => key === part.key && units > 0).slice(0, NEWEST);
  if (same.length > 0) {
    const rates = same.map(({ seconds, units }) => seconds / units).sort((a, b) => a - b);
    const seconds = part.units * median(rates);
    const isFew = rates.length === 1;
    return {
      ...part,
      seconds,
      lowSeconds: isFew ? seconds / FEW_RUNS_SPREAD : part.units * (rates[0] as number),
      highSeconds: isFew ? seconds * FEW_RUNS_SPREAD : part.units * (rates.at(-1) as number),
      runs: new Set(same.map(({ runId }) => runId)).size,
    };
  }
  if (part.streamed !== undefined) {
    // The one work and the other, each by what was measured of it.
    const both = [part.streamed.own, part.streamed.features].map((one) =>
      estimatePart(one, timings, speed),
    );
    const sum = (of: (one: EstimatedPart) => number) => both.reduce((all, one) => all + of(one), 0);
    return {
      ...part,
      seconds: sum((one) => one.seconds),
      lowSeconds: sum((one) => one.lowSeconds),
      highSeconds: sum((one) => one.highSeconds),
      runs: Math.min(...both.map(({ runs }) => runs)),
    };
  }
  const alike = timings.filter(({ key }) => kindOf(key) === kindOf(part.key));
  const ratios = (alike.length > 0 ? alike : timings)
    .filter(({ expectedSeconds }) => expectedSeconds > 0)
    .slice(0, 4 * NEWEST)
    .map(({ seconds, expectedSeconds }) => seconds / expectedSeconds)
    .sort((a, b) => a - b);
  const seconds = part.expectedSeconds * (ratios.length === 0 ? speed : median(ratios));
  return {
    ...part,
    seconds,
    lowSeconds: seconds / UNMEASURED_SPREAD,
    highSeconds: seconds * UNMEASURED_SPREAD,
    runs: 0,
  };
}

function kindOf(key: string): string {
  return key.split('/', 1)[0] ?? key;
}

/** @param sorted Ascending, not empty. */
function median(sorted: readonly number[]): number {
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}

/** `3 to 5 min (from 4 runs on this machine)`, `about 4 min (not measured here yet)`. */
export function describeEstimate({ seconds, lowSeconds, highSeconds, runs }: RunEstimate): string {
  if (runs === 0) return `about ${roundedTime(seconds)} (not measured here yet)`;
  const from = `from ${runs} ${runs === 1 ? 'run' : 'runs'} on this machine`;
  const [low, high] = [roundedTime(lowSeconds), roundedTime(highSeconds)];
  if (low === high) return `about ${low} (${from})`;
  const [lowNumber, lowUnit] = low.split(' ');
  return `${lowUnit === high.split(' ')[1] ? lowNumber : low} to ${high} (${from})`;
}

/** To what an estimate can mean: `20 s`, `4 min`, `1.5 h`. */
function roundedTime(seconds: number): string {
  if (seconds < 55) return `${Math.max(5, Math.round(seconds / 5) * 5)} s`;
  if (seconds < 5400) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return `${Math.round(seconds / 1800) / 2} h`;
}
