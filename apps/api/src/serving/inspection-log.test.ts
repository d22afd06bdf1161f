/** @file What waits is bounded, and what is lost is counted. */
import type { InspectionRecord } from '@plumbline/db';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InspectionLog } from './inspection-log.ts';

const RECORD: InspectionRecord = {
  at: new Date(0),
  inspection: '1d1f2f60-5f4e-4b7e-9d53-2f6f0f3a7a11',
  model: 'parts',
  modelVersion: 1,
  category: null,
  categorySource: 'given',
  imageScore: 0.5,
  threshold: 1,
  thresholdProfile: 1,
  predictedLabel: 'normal',
  uncertain: false,
  latencyMs: 1,
  look: { width: 4, height: 3, brightness: 10, sharpness: 2 },
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function open(record: (batch: readonly InspectionRecord[]) => Promise<void>, capacity = 5) {
  const warnings: string[] = [];
  const warn = (message: string) => warnings.push(message);
  // The one method that the log calls.
  const database = { inspections: { record } } as unknown as ConstructorParameters<
    typeof InspectionLog
  >[0]['database'];
  return { log: new InspectionLog({ database, capacity, warn }), warnings };
}

function add(log: InspectionLog, count: number): void {
  for (let index = 0; index < count; index += 1) log.add(RECORD);
}

test('one statement for what came within a moment', async () => {
  const sizes: number[] = [];
  const { log } = open(async (batch) => void sizes.push(batch.length));
  add(log, 4);
  expect(log.counts).toEqual({ recorded: 0, waiting: 4, dropped: 0 });
  await vi.advanceTimersByTimeAsync(1_100);
  expect(sizes).toEqual([4]);
  expect(log.counts).toEqual({ recorded: 4, waiting: 0, dropped: 0 });
});

test('while the database is away they wait, as many as fit; then they are written', async () => {
  let isAway = true;
  const { log, warnings } = open(async () => {
    if (isAway) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  });
  add(log, 9);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(log.counts).toEqual({ recorded: 0, waiting: 5, dropped: 4 });
  expect(warnings).toEqual([expect.stringContaining('not recorded (1 since')]);
  isAway = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(log.counts).toEqual({ recorded: 5, waiting: 0, dropped: 4 });
});

test('what the database refuses does not hold up what comes after', async () => {
  let refused = 0;
  const { log, warnings } = open(async () => {
    refused += 1;
    if (refused === 1) throw new Error('no such table');
  });
  add(log, 2);
  await vi.advanceTimersByTimeAsync(1_100);
  add(log, 3);
  await vi.advanceTimersByTimeAsync(1_100);
  expect(log.counts).toEqual({ recorded: 3, waiting: 0, dropped: 2 });
  expect(warnings).toHaveLength(1);
});

test('the end writes what waits, and counts what can’t be written', async () => {
  const { log } = open(async () => {});
  add(log, 3);
  await log.stop();
  expect(log.counts).toEqual({ recorded: 3, waiting: 0, dropped: 0 });
  const away = open(async () => {
    throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  });
  add(away.log, 3);
  await away.log.stop();
  expect(away.log.counts).toEqual({ recorded: 0, waiting: 0, dropped: 3 });
});
