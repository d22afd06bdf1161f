/** @file A run leaves what its parts took, and the estimate of an equal run is what they add up to. */
import { hostname } from 'node:os';
import {
  estimateRun,
  findEmbeddedBackbone,
  planParts,
  planTraining,
  startTrainingInput,
} from '@plumbline/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeStripes } from '../../testing/striped-dataset.ts';
import { SMALL_RLR, startTestTraining, type TestTraining } from '../../testing/test-training.ts';

/** The machine's name in `startTestTraining`. */
const HOST = 'test';

let training: TestTraining;

beforeAll(async () => {
  training = await startTestTraining();
  await training.addDataset('stripes', writeStripes);
});
afterAll(() => training?.stop());

it('keeps what every part took; an equal run is estimated from that', async () => {
  const settings = {
    ...{ dataset: 'stripes', method: 'rlr', preset: 'tiny', backbone: 'compact', maxSteps: 12 },
    settings: SMALL_RLR,
  };
  const run = await training.train(settings);
  expect(run).toMatchObject({ status: 'succeeded', progress: 1 });
  const { timings, trainingFacts } = training.database;
  const kept = await timings.list([HOST]);
  const kinds = kept.map(({ key }) => key.split('/', 1)[0]);
  for (const kind of ['open', 'features', 'rlr', 'export', 'thresholds', 'evaluate', 'publish'])
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
