/** @file Real training images with defects among them are the first to be suspected. Skipped where the images are not there. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TRAINING_SCORES_FILE, toSuspects, trainingScoresSchema } from '@plumbline/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestTraining, type TestTraining } from '../../testing/test-training.ts';

const IMAGES = resolve(import.meta.dirname, '../../../../../../shared/images');
const CATEGORIES = ['cookie', 'paper_bdp01', 'paper_brg01'];
const NORMAL = 20;
const CONTAMINATED = 4;

let training: TestTraining;

/** Of each category 20 normal images and 4 with defects, all said to be normal. */
function writeContaminated(folder: string): void {
  for (const category of CATEGORIES) {
    const source = join(IMAGES, category);
    const normal = filesIn(join(source, 'train/good'));
    const [defect = ''] = readdirSync(join(source, 'test')).filter((name) => name !== 'good');
    const anomalous = filesIn(join(source, 'test', defect));
    const every = Math.floor(anomalous.length / CONTAMINATED);
    const good = join(folder, category, 'train/good');
    mkdirSync(good, { recursive: true });
    mkdirSync(join(folder, category, 'test/good'), { recursive: true });
    for (const [i, file] of normal.slice(0, NORMAL).entries())
      cpSync(file, join(good, `${i}${extensionOf(file)}`));
    for (let i = 0; i < CONTAMINATED; i++) {
      const file = anomalous[i * every] ?? '';
      cpSync(file, join(good, `odd-${i}${extensionOf(file)}`));
    }
    const last = normal.at(-1) ?? '';
    cpSync(last, join(folder, category, `test/good/0${extensionOf(last)}`));
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

const extensionOf = (file: string) => file.slice(file.lastIndexOf('.'));

beforeAll(async () => {
  if (!existsSync(IMAGES)) return;
  training = await startTestTraining();
  await training.addDataset('contaminated', async (folder) => writeContaminated(folder));
});
afterAll(() => training?.stop());

it.skipIf(!existsSync(IMAGES)).each(['retrieval', 'patchcore'])(
  '4 of 24 are among the first 6 suspects of each category: %s (skipped without ../shared/images)',
  async (method) => {
    const run = await training.train({
      ...{ dataset: 'contaminated', method, preset: 'quick', model: method },
      settings: undefined,
    });
    const text = readFileSync(training.bundleFile(run, TRAINING_SCORES_FILE), 'utf8');
    const scores = trainingScoresSchema.parse(JSON.parse(text));
    for (const category of CATEGORIES) {
      const images = scores.images.filter((image) => image.category === category);
      const first = toSuspects({ ...scores, images }, 6).suspects.map(({ path }) => path);
      expect(images).toHaveLength(NORMAL + CONTAMINATED);
      expect(
        first.filter((path) => path.includes('odd-')),
        category,
      ).toHaveLength(CONTAMINATED);
    }
  },
  300_000,
);
