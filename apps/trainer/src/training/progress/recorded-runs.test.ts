/**
 * @file The time left that real runs would have told, against what was really left of them. Recorded on two cores under a load of
 * 20 and more (three categories, 48 training and 36 test images of 128 px, preset tiny): what a part takes changes by a factor within a run. The
 * second seed has its features in the cache, and goes by what the first run took.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PartTiming, RunPart } from '@plumbline/contracts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RunClock } from './run-clock.ts';

interface RecordedRun {
  /** What it took. */
  readonly seconds: number;
  /** As measured before it. */
  readonly speed: number;
  readonly parts: readonly RunPart[];
  /** Of the runs before it. */
  readonly timings: readonly PartTiming[];
  /** Seconds, and what the clock was told then. */
  readonly events: readonly (readonly [number, Told, ...(string | number)[]])[];
}
type Told = 'plan' | 'begin' | 'part' | 'hear' | 'streams' | 'finish';

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

function tell(clock: RunClock, run: RecordedRun, [, told, ...given]: RecordedRun['events'][0]) {
  const [first, second] = given;
  if (told === 'plan') clock.plan(run.parts, run.timings, run.speed);
  else if (told === 'begin')
    clock.begin(first as RunPart['stage'], second === undefined ? undefined : String(second));
  else if (told === 'part') clock.part(String(first));
  else if (told === 'hear') clock.hear(Number(first));
  else if (told === 'streams') clock.streams();
}

/** How far off what it told was, at every twentieth of the run from the second on to the last but one. */
function factorsOf(run: RecordedRun): number[] {
  const clock = new RunClock();
  const factors: number[] = [];
  for (const event of run.events) {
    vi.setSystemTime(1000 * event[0]);
    tell(clock, run, event);
    const left = run.seconds - event[0];
    const isDue = event[0] >= ((factors.length + 2) / 20) * run.seconds;
    if (!isDue || left < 0.1 * run.seconds) continue;
    const told = clock.timeLeft()?.seconds ?? Number.NaN;
    factors.push(Math.max(told / left, left / told));
  }
  return factors.sort((a, b) => a - b);
}

it.each(['patchcore-first', 'patchcore-second-seed', 'rlr'])('%s', (name) => {
  const path = join(import.meta.dirname, 'fixtures', `${name}.json`);
  const factors = factorsOf(JSON.parse(readFileSync(path, 'utf8')) as RecordedRun);
  expect(factors.length).toBeGreaterThanOrEqual(10);
  expect(factors[Math.floor(factors.length / 2)]).toBeLessThan(1.6);
  expect(factors.filter((factor) => factor > 2).length).toBeLessThanOrEqual(factors.length / 4);
  expect(factors.at(-1)).toBeLessThan(2.5);
});
