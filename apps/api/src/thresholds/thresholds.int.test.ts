/** @file Threshold profiles over HTTP: made, serving at once, gone back to. */
import {
  predictionSchema,
  type ThresholdChoice,
  thresholdEffectSchema,
  thresholdHistorySchema,
  thresholdPreviewSchema,
  thresholdProfileVersionSchema,
} from '@plumbline/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { grayPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

let platform: TestPlatform;
const path = '/v1/models/parts-rlr/versions/1/thresholds';

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'parts-rlr', dataset: 'parts', graph: 'brightness' });
});
afterAll(() => platform?.stop());

async function call(url: string, body?: object, method = body ? 'POST' : 'GET') {
  const response = await fetch(`${platform.url}${url}`, {
    method,
    ...(body
      ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      : {}),
  });
  return { status: response.status, body: (await response.json()) as unknown };
}

const choose = (choice: ThresholdChoice) => call(path, { choice });

async function predict() {
  const response = await fetch(
    `${platform.url}/v1/models/parts-rlr/predict?version=1&category=part`,
    {
      method: 'POST',
      body: await grayPng(51, { spot: 153 }), // image score 0.6
      headers: { 'content-type': 'image/png' },
    },
  );
  return predictionSchema.parse(await response.json());
}

test("the bundle's own profile is the first and serves", async () => {
  const history = thresholdHistorySchema.parse((await call(path)).body);
  expect(history.profiles).toMatchObject([{ version: 1, active: true, choice: null }]);
  expect(await predict()).toMatchObject({
    threshold: 0.75,
    thresholdProfile: 1,
    predictedLabel: 'normal',
    uncertain: false,
    uncertainThreshold: null,
  });
});

test('a preview stores nothing and says what a choice would mean', async () => {
  const choice = {
    by: 'hand',
    categories: { part: { imageThreshold: 0.5 } },
    note: 'try',
  };
  const preview = thresholdPreviewSchema.parse((await call(`${path}/preview`, { choice })).body);
  // All test images of the fixture score 0.5, which is at the threshold: anomalous.
  expect(preview.effect.total).toMatchObject({ missed: 0, falseAlarms: 2, normal: 2 });
  expect(thresholdHistorySchema.parse((await call(path)).body).profiles).toHaveLength(1);
});

test('a new profile serves at once, with its band; an earlier one can be gone back to', async () => {
  const made = await choose({
    by: 'hand',
    categories: { part: { imageThreshold: 0.7, uncertainThreshold: 0.55 } },
    note: 'too many returns',
  });
  expect(made.status).toBe(201);
  expect(thresholdProfileVersionSchema.parse(made.body)).toMatchObject({
    version: 2,
    active: true,
    note: 'too many returns',
    createdBy: 'this machine',
    profile: { falseAlarmTarget: null },
  });
  expect(await predict()).toMatchObject({
    threshold: 0.7,
    thresholdProfile: 2,
    predictedLabel: 'normal',
    uncertain: true,
    uncertainThreshold: 0.55,
  });
  const effect = thresholdEffectSchema.parse((await call(`${path}/2/effect`)).body);
  expect(effect.categories['part']).toMatchObject({ missed: 2, falseAlarms: 0, normalInBand: 0 });

  expect((await call(`${path}/1/activate`, {})).status).toBe(200);
  expect(await predict()).toMatchObject({ thresholdProfile: 1, uncertain: false });
  const history = thresholdHistorySchema.parse((await call(path)).body);
  expect(history.profiles.map(({ version, active }) => [version, active])).toEqual([
    [2, false],
    [1, true],
  ]);
  expect(history.activations.map(({ version }) => version)).toEqual([1, 2, 1]);
});

test('a rule works from the held-out normal scores: a lower target, a higher threshold', async () => {
  const thresholds = [];
  for (const falseAlarmTarget of [0.1, 0.001]) {
    const choice: ThresholdChoice = { by: 'rule', falseAlarmTarget, scope: 'pooled', note: '' };
    const { body } = await call(`${path}/preview`, { choice });
    const { profile } = thresholdPreviewSchema.parse(body);
    expect(profile.categories['part']?.imageThreshold).toBe(profile.pooled.imageThreshold);
    thresholds.push(profile.pooled.imageThreshold);
  }
  expect(thresholds[1]).toBeGreaterThan(thresholds[0] ?? Number.NaN);
});

test('what makes no sense is refused, naming the field', async () => {
  const cut = { imageThreshold: 0.5 };
  const cases: [object, number, string][] = [
    [{ by: 'hand', categories: { screw: cut }, note: 'x' }, 400, 'categories.screw'],
    [{ by: 'hand', categories: { part: cut }, note: ' ' }, 400, 'note'],
    [{ by: 'hand', categories: {}, note: 'x' }, 400, 'categories'],
    [{ by: 'rule', falseAlarmTarget: 0.01, rule: 'by-eye' }, 400, 'rule'],
    [{ by: 'rule', falseAlarmTarget: 0 }, 400, 'falseAlarmTarget'],
    [{ by: 'rule', falseAlarmTarget: 0.05, uncertainTarget: 0.01 }, 400, 'uncertainTarget'],
    [
      {
        by: 'hand',
        categories: { part: { imageThreshold: 0.5, uncertainThreshold: 0.5 } },
        note: 'x',
      },
      400,
      'uncertainThreshold',
    ],
  ];
  for (const [choice, status, field] of cases) {
    const refused = await call(path, { choice });
    expect(refused.status, JSON.stringify(choice)).toBe(status);
    expect(JSON.stringify(refused.body)).toContain(field);
  }
  expect((await call(`${path}/9/activate`, {})).status).toBe(404);
  expect((await call('/v1/models/parts-rlr/versions/7/thresholds')).status).toBe(404);
  expect(thresholdHistorySchema.parse((await call(path)).body).profiles).toHaveLength(2);
});

test('two who save at once get two profiles', async () => {
  const choice: ThresholdChoice = {
    by: 'rule',
    falseAlarmTarget: 0.02,
    scope: 'category',
    note: '',
  };
  const answers = await Promise.all([choose(choice), choose(choice)]);
  const versions = answers.map(({ body }) => thresholdProfileVersionSchema.parse(body).version);
  expect(versions.sort()).toEqual([3, 4]);
});
