/** @file Categories and defect types called what every JavaScript object answers to. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evaluationFileSchema } from '@plumbline/contracts';
import { refitProfile, thresholdEffect } from '@plumbline/eval';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stripes } from '../testing/striped-dataset.ts';
import { startTestTraining, type TestTraining } from '../testing/test-training.ts';

const NAMES = ['__defineGetter__', 'constructor', 'hasOwnProperty', 'toString'];
const DEFECT = 'größe & Form 😀';

let training: TestTraining;

beforeAll(async () => {
  training = await startTestTraining();
});
afterAll(() => training?.stop());

function write(folder: string, path: string, period: number, shift: number, spot = false): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), stripes(period, shift, spot));
}

async function writeCategories(folder: string, names: readonly string[], defect: string) {
  for (const [index, name] of names.entries()) {
    for (let i = 0; i < 10; i++) write(folder, `${name}/train/good/${i}.bmp`, 2 + index, i);
    for (let i = 0; i < 2; i++) {
      write(folder, `${name}/test/good/${i}.bmp`, 2 + index, 50 + i);
      write(folder, `${name}/test/${defect}/${i}.bmp`, 2 + index, 60 + i, true);
    }
  }
}

it('trains, evaluates and cuts thresholds for categories called constructor, toString, hasOwnProperty', async () => {
  await training.addDataset('odd', (folder) => writeCategories(folder, NAMES, DEFECT));
  const run = await training.train({ dataset: 'odd', method: 'patchcore', settings: undefined });
  expect(run).toMatchObject({ status: 'succeeded', modelVersion: 1 });
  const { manifest } = await training.database.models.get(run.model, 1);
  const { thresholds, categories } = manifest;
  if (thresholds === undefined || thresholds === null) throw new Error('There are no thresholds.');
  expect(Object.keys(thresholds.categories).sort()).toEqual(NAMES);
  expect(Object.keys(categories).sort()).toEqual(NAMES);
  for (const name of NAMES) {
    expect(thresholds.categories[name]?.simulated?.rate).toBeGreaterThan(0);
    expect(thresholds.categories[name]?.imageThreshold).toBeGreaterThan(0);
    expect(thresholds.categories[name]?.heldOutScores.length).toBeGreaterThan(0);
  }
  const file = (name: string) => readFileSync(training.bundleFile(run, name), 'utf8');
  const evaluation = evaluationFileSchema.parse(JSON.parse(file('evaluation.json')));
  for (const name of NAMES) {
    expect(evaluation.categories[name]?.defectTypes).toEqual({ [DEFECT]: 2 });
    expect(file('card.md')).toContain(name);
  }

  const banded = refitProfile(thresholds, { falseAlarmTarget: 0.01, uncertainTarget: 0.2 });
  const images = await training.database.models.images(run.model, 1);
  const effect = thresholdEffect(images, banded);
  expect(Object.keys(effect.categories)).toEqual(NAMES);
  expect(effect.total.defectTypes).toEqual({ [DEFECT]: expect.objectContaining({ images: 8 }) });
  // One that the profile does not name takes the pooled threshold, not an object's own method.
  const { constructor: _, ...fewer } = banded.categories;
  expect(thresholdEffect(images, { ...banded, categories: fewer }).total.anomalous).toBe(8);
});

it.each([
  [['__proto__'], 'spot', /"__proto__" cannot be the name of a category/],
  [['bolt'], '__proto__', /"__proto__" cannot be the name of a defect type/],
])(
  'refuses %s with the defect type %s at import, as JSON can not carry it',
  async (names, defect, message) => {
    const adding = training.addDataset(
      `proto-${names[0] === 'bolt' ? 'type' : 'category'}`,
      (folder) => writeCategories(folder, names, defect),
    );
    await expect(adding).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringMatching(message),
      fix: expect.stringContaining('Rename the folder'),
      file: expect.stringContaining('__proto__'),
    });
  },
);
