/** @file A run leaves what its parts took, which is what an equal run is estimated from, and all losses and lines that it told. */
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import {
  estimateRun,
  findEmbeddedBackbone,
  planParts,
  planTraining,
  type Run,
  startTrainingInput,
} from '@plumbline/contracts';
import { taken } from '@plumbline/db/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeStripes } from '../../testing/striped-dataset.ts';
import { SMALL_RLR, startTestTraining, type TestTraining } from '../../testing/test-training.ts';
import { RunReporter } from './run-reporter.ts';

/** The machine's name in `startTestTraining`. */
const HOST = 'test';

/** Fewer than a curve shows one by one. */
const POINTS = 200;

let training: TestTraining;

beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('stripes', writeStripes);
});
afterAll(() => training?.stop());

/** What a run tells until it has ended. */
async function watch(id: string): Promise<Run[]> {
  const told: Run[] = [];
  for (;;) {
    const run = await training.database.runs.get(id);
    if (run.status === 'succeeded' || run.status === 'failed') return told;
    told.push(run);
    await setTimeout(100);
  }
}

it('keeps what every part took; an equal run is estimated from that', async () => {
  const settings = {
    ...{ dataset: 'stripes', method: 'rlr', preset: 'tiny', backbone: 'compact', maxSteps: 12 },
    settings: SMALL_RLR,
  };
  const id = await training.begin(settings);
  const told = watch(id);
  const run = await training.work(id);
  expect(run).toMatchObject({ status: 'succeeded', progress: 1 });
  // The time left is told soon, and has fallen at the end.
  const left = (await told).flatMap(({ etaSeconds }) => etaSeconds ?? []);
  expect(left.length).toBeGreaterThan(2);
  expect(left.at(-1)).toBeLessThan(0.7 * Math.max(...left));
  const { timings, trainingFacts } = training.database;
  const kept = await timings.list([HOST]);
  const kinds = kept.map(({ key }) => key.split('/', 1)[0]);
  for (const kind of [
    'open',
    'features',
    'rlr',
    'export',
    'thresholds',
    'evaluate',
    'latency',
    'publish',
  ])
    expect(kinds).toContain(kind);
  expect(kept.every(({ seconds, units }) => seconds >= 0 && units > 0)).toBe(true);

  const input = startTrainingInput.parse(settings);
  const plan = planTraining(input, findEmbeddedBackbone('compact'));
  const parts = planParts(input, plan, await trainingFacts.of('stripes'));
  const took = kept.reduce((sum, { seconds }) => sum + seconds, 0);
  const estimate = estimateRun(parts, kept);
  expect(estimate.runs).toBe(1);
  expect(estimate.seconds).toBeGreaterThan(took / 2);
  expect(estimate.seconds).toBeLessThan(took * 2);
  expect(await timings.list([`not ${hostname()}`])).toEqual([]);
});

it('keeps every loss and line, once and in order, of reports that overlap', async () => {
  const { attempts, runs } = training.database;
  const id = await training.begin({ dataset: 'stripes' });
  const reporter = new RunReporter(training.database, await taken(attempts, id));
  const reports: Promise<void>[] = [];
  for (let step = 1; step <= POINTS; step++) {
    reporter.addLoss({ level: '16', step, loss: step });
    reports.push(step % 4 === 0 ? reporter.log(`step ${step}`) : reporter.flush());
    await setTimeout(step % 2);
  }
  await Promise.all(reports);
  const { points } = await runs.losses(id);
  expect(points.map(({ step }) => step)).toEqual(Array.from({ length: POINTS }, (_, at) => at + 1));
  const texts = (await runs.logs(id)).map(({ text }) => text).filter((text) => /^step/.test(text));
  expect(texts).toEqual(Array.from({ length: POINTS / 4 }, (_, at) => `step ${4 * at + 4}`));
});
