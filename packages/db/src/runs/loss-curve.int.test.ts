import { extendLossCurve, type LossPoint } from '@plumbline/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Attempt, type Database, openDatabase } from '../index.ts';
import { createTestDatabase, type TestDatabase, taken } from '../testing/index.ts';

let server: TestDatabase;
let database: Database;
let run: string;
let attempt: Attempt;

beforeAll(async () => {
  server = await createTestDatabase();
  database = await openDatabase(server.url);
  await database.datasets.create({
    name: 'nuts',
    imported: {
      manifest: { formatVersion: 1, layout: 'mvtec', samples: [] },
      hash: 'ab'.repeat(32),
      report: {
        ...{ layout: 'mvtec', images: 0, bytes: 0 },
        ...{ categories: [], identicalImages: [], warnings: [] },
      },
    },
  });
  const training = { method: 'rlr', preset: 'tiny', backbone: 'compact', seed: 0 } as const;
  run = (await database.runs.create({ dataset: 'nuts', ...training })).id;
  attempt = await taken(database.attempts, run);
});

afterAll(async () => {
  await database?.close();
  await server?.stop();
});

/** Falls, with one peak and one dip that a curve must not lose. */
function lossAt(step: number): number {
  if (step === 23_457) return 999;
  return step === 60_003 ? -1 : 1 / (1 + step);
}

function points(level: string, from: number, to: number): LossPoint[] {
  return Array.from({ length: to - from }, (_, i) => ({
    level,
    step: from + i,
    loss: lossAt(from + i),
  }));
}

it('keeps losses that are reported twice once', async () => {
  await database.attempts.addLosses(attempt, [{ level: 'decoder', step: 1, loss: 3 }]);
  await database.attempts.addLosses(attempt, [
    { level: 'decoder', step: 1, loss: 2 },
    { level: 'decoder', step: 2, loss: 1 },
  ]);
  const { points } = await database.runs.losses(run);
  expect(points.map(({ loss }) => loss)).toEqual([2, 1]);
});

it('a run of days comes as fewer than 2,000 points per level, extremes and the last kept', async () => {
  await database.attempts.addLosses(attempt, points('layer2', 0, 80_000));
  const curve = await database.runs.losses(run);
  const whole = { ...curve, points: curve.points.filter(({ level }) => level === 'layer2') };
  expect(whole.bucketSteps).toBe(256);
  expect(whole.points.length).toBeGreaterThan(600);
  expect(whole.points.length).toBeLessThan(2_000);
  const steps = whole.points.map(({ step }) => step);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps).toEqual(expect.arrayContaining([0, 23_457, 60_003, 79_999]));
  expect(whole.points.every(({ step, loss }) => loss === lossAt(step))).toBe(true);
});

it('what is new is a few buckets, and adds up to the whole', async () => {
  let known = await database.runs.losses(run);
  await database.attempts.addLosses(attempt, points('layer2', 80_000, 80_500));
  await database.attempts.addLosses(attempt, points('layer3', 0, 3));
  const update = await database.runs.losses(run, known);
  expect(update.bucketSteps).toBe(known.bucketSteps);
  expect(update.points.length).toBeLessThan(10);
  known = extendLossCurve(known, update);
  const whole = await database.runs.losses(run);
  const byPlace = (a: LossPoint, b: LossPoint) => a.level.localeCompare(b.level) || a.step - b.step;
  expect([...known.points].sort(byPlace)).toEqual([...whole.points].sort(byPlace));
  expect(known.cursor).toBe(whole.cursor);
  expect(await database.runs.losses(run, known)).toMatchObject({ points: [] });
});

it('buckets grow with the run, and then the curve comes whole', async () => {
  const known = await database.runs.losses(run);
  await database.attempts.addLosses(attempt, points('layer2', 160_000, 160_001));
  const update = await database.runs.losses(run, known);
  expect(update.bucketSteps).toBe(512);
  expect(update).toEqual(await database.runs.losses(run));
  // Half of what is known is as good as nothing.
  expect(await database.runs.losses(run, { cursor: update.cursor })).toEqual(update);
});
