/** @file The time left that a run tells, against what was really left: of made-up runs whose parts take known times. */
import {
  findEmbeddedBackbone,
  type PartTiming,
  planParts,
  planTraining,
  type RunPart,
  startTrainingInput,
  streamedParts,
} from '@plumbline/contracts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RunClock } from './run-clock.ts';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

function partsOf(method: string): RunPart[] {
  const input = startTrainingInput.parse({ dataset: 'd', backbone: 'standard', method });
  const categories = Array.from({ length: 6 }, (_, index) => ({
    ...{ name: `c${index}`, normal: 60, distinctNormal: 60, test: 25, meanPixels: 65_536 },
  }));
  return planParts(input, planTraining(input, findEmbeddedBackbone('standard')), {
    ...{ hash: 'h', categories },
  });
}

/** As if a run before had taken what the constants say. */
function timingsOf(parts: readonly RunPart[]): PartTiming[] {
  return parts.map(({ key, units, expectedSeconds }) => ({
    ...{ runId: 'before', key, units, expectedSeconds, seconds: expectedSeconds },
  }));
}

interface TruePart {
  readonly part: RunPart;
  /** What all of it would take here. */
  readonly seconds: number;
  /** What of it is there when it begins. */
  readonly begunAt?: number;
}

interface Point {
  readonly left: number;
  readonly told: number;
}

const STEPS = 40;
/** Parts that tell nothing while they go on. */
const SILENT = new Set(['open', 'export', 'publish', 'categories']);

/** Does the run in made-up time. @returns What it told at each step, beside what was left. */
function runOf(clock: RunClock, truth: readonly TruePart[]): Point[] {
  const real = truth.map(({ seconds, begunAt = 0 }) => seconds * (1 - begunAt));
  const total = real.reduce((sum, seconds) => sum + seconds, 0);
  const points: Point[] = [];
  const tell = () => {
    const told = clock.timeLeft()?.seconds ?? Number.NaN;
    points.push({ left: total - Date.now() / 1000, told });
  };
  for (const [index, { part, begunAt = 0 }] of truth.entries()) {
    clock.begin(part.stage, part.part);
    const seconds = real[index] as number;
    if (seconds === 0) continue;
    if (begunAt > 0) clock.hear(begunAt);
    for (let step = 1; step <= STEPS; step++) {
      vi.advanceTimersByTime((1000 * seconds) / STEPS);
      if (!SILENT.has(part.part)) clock.hear(begunAt + ((1 - begunAt) * step) / STEPS);
      tell();
    }
  }
  return points;
}

/** How far off the worst is of what was told in the middle of a run: a twentieth to nineteen twentieths of its time. */
function worst(points: readonly Point[], total: number, from = 0.05): number {
  const middle = points.filter(({ left }) => left > 0.05 * total && left < (1 - from) * total);
  expect(middle.length).toBeGreaterThan(50);
  return Math.max(...middle.map(({ left, told }) => Math.max(left / told, told / left)));
}

function total(truth: readonly TruePart[]): number {
  return truth.reduce((sum, { seconds, begunAt = 0 }) => sum + seconds * (1 - begunAt), 0);
}

function clockFor(parts: readonly RunPart[], timings = timingsOf(parts)): RunClock {
  const clock = new RunClock();
  clock.plan(parts, timings, 1);
  return clock;
}

it.each([
  'patchcore',
  'padim',
  'rlr',
  'simplenet',
  'retrieval',
  'uniad',
  'cflow',
  'fastflow',
  'fod',
  'invad',
  'dinomaly',
  'inpformer',
])(
  '%s: exact where everything takes what it took, within a half where the machine is slower now',
  (method) => {
    const parts = partsOf(method);
    const same = parts.map((part) => ({ part, seconds: part.expectedSeconds }));
    expect(worst(runOf(clockFor(parts), same), total(same))).toBeLessThan(1.1);
    vi.setSystemTime(0);
    const slow = parts.map((part) => ({ part, seconds: 2 * part.expectedSeconds }));
    // The first tenth can't know.
    expect(worst(runOf(clockFor(parts), slow), total(slow), 0.1)).toBeLessThan(1.9);
  },
);

it('holds where most features are in the cache, or all of them', () => {
  const parts = partsOf('patchcore');
  for (const cached of [0.5, 0.9, 0.99]) {
    vi.setSystemTime(0);
    const truth = parts.map((part) => ({
      ...{ part, seconds: part.expectedSeconds },
      begunAt: part.part === 'features' ? cached : 0,
    }));
    expect(worst(runOf(clockFor(parts), truth), total(truth))).toBeLessThan(1.3);
  }
  vi.setSystemTime(0);
  const none = parts
    .filter(({ part }) => part !== 'features')
    .map((part) => ({ part, seconds: part.expectedSeconds }));
  expect(worst(runOf(clockFor(parts), none), total(none))).toBeLessThan(1.3);
});

it('holds for a run that is taken up from a checkpoint near the end of its fit', () => {
  const parts = partsOf('rlr');
  const fit = parts.filter(({ stage }) => stage === 'fit');
  const truth = parts.map((part) => ({
    ...{ part, seconds: 1.5 * part.expectedSeconds },
    // The features are in the cache, the first level was trained, and four fifths of the second.
    begunAt: part === fit[0] || part.part === 'features' ? 1 : part === fit[1] ? 0.8 : 0,
  }));
  expect(worst(runOf(clockFor(parts), truth), total(truth), 0.1)).toBeLessThan(1.6);
});

it('holds where features turn out to be computed as they are read', () => {
  const parts = partsOf('padim');
  const timings = timingsOf(parts);
  const clock = clockFor(parts, timings);
  const truth = streamedParts(parts)
    .filter(({ part }) => part !== 'features')
    .map((part) => ({ part, seconds: part.expectedSeconds }));
  const [open, ...rest] = truth as [TruePart, ...TruePart[]];
  vi.advanceTimersByTime(1000 * open.seconds);
  clock.begin('features', 'features');
  clock.streams();
  const points = runOf(clock, rest).map(({ left, told }) => ({ told, left: left + open.seconds }));
  expect(worst(points, total(truth))).toBeLessThan(1.2);
  const kept = clock.finish();
  expect(kept.some(({ key }) => key.startsWith('features/'))).toBe(false);
  // Its components, its sums and the scores of images without themselves.
  expect(kept.filter(({ key }) => key.includes('/streamed/'))).toHaveLength(3);
});

it('corrects constants that are off for all methods within the first fifth of a run', () => {
  const parts = partsOf('patchcore');
  // Nothing was measured here: the fit takes three times what the constants say, the rest half as long again.
  const truth = parts.map((part) => ({
    ...{ part, seconds: (part.stage === 'fit' ? 3 : 1.5) * part.expectedSeconds },
  }));
  expect(worst(runOf(clockFor(parts, []), truth), total(truth), 0.25)).toBeLessThan(2);
});
