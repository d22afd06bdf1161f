/** @file A run's bundle finds the category of an image by itself, as whoever serves it does; and on real images. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CATEGORY_BANK_FILE,
  type DescriptorBank,
  findCategory,
  IMAGENET_COLORS,
  isTrained,
  isUnfamiliar,
  readCategoryBank,
  type Sample,
} from '@plumbline/contracts';
import { decodeImage } from '@plumbline/data';
import { categoryReach, leaveOneOut, sureShare } from '@plumbline/eval';
import {
  buildDescriptorGraph,
  descriptorSize,
  openBackbone,
  readSafetensors,
} from '@plumbline/model';
import { createExecutor, startInferenceHost } from '@plumbline/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stripes, writeStripes } from '../../testing/striped-dataset.ts';
import { startTestTraining, type TestTraining } from '../../testing/test-training.ts';
import { describeImages } from './category-bank.ts';

const IMAGES = new URL('../../../../../../shared/images/', import.meta.url).pathname;

describe('a run', () => {
  let training: TestTraining;
  beforeAll(async () => {
    training = await startTestTraining();
    await training.addDataset('stripes', writeStripes);
    for (const [name, without] of [
      ['one', 'wide'],
      ['few', 'narrow'],
    ] as const)
      await training.addDataset(name, async (folder) => {
        await writeStripes(folder);
        await rm(join(folder, without), { recursive: true });
      });
  });
  afterAll(() => training?.stop());

  async function manifestOf(model: string) {
    const version = await training.database.models.get(model, 1);
    if (!isTrained(version)) throw new Error('It was trained here.');
    return version.manifest;
  }

  it('with several categories publishes a bank of all normal training images, and says how often it was right', async () => {
    const run = await training.train({ dataset: 'stripes', maxSteps: 3, model: 'several' });
    const { categoryBank, graph, files } = await manifestOf('several');
    expect(categoryBank).toMatchObject({ images: 13, neighbors: 5, testAccuracy: 1 });
    expect(graph.categoryDescriptor).toEqual({ name: 'category_descriptor', size: 4 * (64 + 128) });
    expect(files.map(({ name }) => name)).toContain(CATEGORY_BANK_FILE);
    const logs = await training.database.runs.logs(run.id);
    expect(logs.map(({ text }) => text)).toContain(
      'The right category was found for 8 of 8 test images.',
    );
    const directory = training.bundleFile(run, '');
    expect(readFileSync(join(directory, 'card.md'), 'utf8')).toContain('among 13 normal training');

    const bytes = readFileSync(join(directory, CATEGORY_BANK_FILE));
    const bank = readCategoryBank(bytes);
    expect(bank.names).toEqual(['narrow', 'wide']);
    const { tensors } = readSafetensors(bytes, CATEGORY_BANK_FILE);
    expect(tensors.get('descriptors')?.data).toEqual(bank.descriptors);
    await using host = await startInferenceHost({ modelPath: join(directory, 'model.onnx') });
    for (const [period, category] of [
      [2, 'narrow'],
      [5, 'wide'],
    ] as const) {
      const image = await decodeImage(stripes(period, 91, true), 'striped');
      const { categoryDescriptor } = await host.inspect(image);
      const options = { neighbors: 5, sureFrom: categoryBank?.sureFrom ?? 1 };
      const found = findCategory(bank, categoryDescriptor ?? new Float32Array(), options);
      expect(found).toMatchObject({ category, uncertain: false });
    }
  });

  it('with one category publishes one that tells other products, and asks no image for its category', async () => {
    const run = await training.train({ dataset: 'one', maxSteps: 3, model: 'single' });
    const { categoryBank } = await manifestOf('single');
    expect(categoryBank).toMatchObject({ images: 10, testAccuracy: null });
    expect(Object.keys(categoryBank?.reach ?? {})).toEqual(['narrow']);
    const logs = await training.database.runs.logs(run.id);
    expect(logs.filter(({ text }) => text.includes('right category'))).toEqual([]);
    const card = readFileSync(training.bundleFile(run, 'card.md'), 'utf8');
    expect(card).toContain('called unfamiliar');
    const bank = readCategoryBank(readFileSync(training.bundleFile(run, CATEGORY_BANK_FILE)));
    await using host = await startInferenceHost({
      modelPath: training.bundleFile(run, 'model.onnx'),
    });
    const unfamiliar = async (period: number, shift: number) => {
      const { categoryDescriptor } = await host.inspect(
        await decodeImage(stripes(period, shift, false), 'striped'),
      );
      return isUnfamiliar(bank, categoryDescriptor ?? new Float32Array(), categoryBank?.reach);
    };
    expect([await unfamiliar(2, 51), await unfamiliar(5, 51)]).toEqual([false, true]);
  });

  it('with one category of few images publishes none, and its graph has no such output', async () => {
    const run = await training.train({ dataset: 'few', maxSteps: 3, model: 'few' });
    const { categoryBank, graph, files } = await manifestOf('few');
    expect(categoryBank).toBeUndefined();
    expect(graph.categoryDescriptor).toBeUndefined();
    expect(files.map(({ name }) => name)).not.toContain(CATEGORY_BANK_FILE);
    const model = readFileSync(training.bundleFile(run, 'model.onnx'));
    const session = await (await createExecutor({ threads: 1 })).load(model);
    expect(session.outputNames).toEqual(['anomaly_map', 'image_score']);
    await session.release();
  });
});

/** The bank of a model that was trained on these alone. */
function having(bank: DescriptorBank, isWanted: (name: string) => boolean): DescriptorBank {
  const { names, categories, descriptors, size } = bank;
  const isKept = (image: number) => isWanted(names[categories[image]!]!);
  return {
    ...{ names, size, categories: categories.filter((_, image) => isKept(image)) },
    descriptors: descriptors.filter((_, at) => isKept(Math.floor(at / size))),
  };
}

describe.skipIf(!existsSync(IMAGES))('on ten real categories, two of them near twins', () => {
  /** The training images, and every third of the test images. */
  function samplesOf(split: 'train' | 'test'): Sample[] {
    const categories = readdirSync(IMAGES, { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    return categories.flatMap(({ name: category }) =>
      readdirSync(join(IMAGES, category, split)).flatMap((kind) =>
        readdirSync(join(IMAGES, category, split, kind))
          .sort()
          .filter((_, index) => split === 'train' || index % 3 === 0)
          .map((name) => {
            const path = join(category, split, kind, name);
            const image = { sha256: path, width: 0, height: 0 };
            return { category, split, path, image } as unknown as Sample;
          }),
      ),
    );
  }

  it('finds the category of at least 97 % of the test images, doubts the others, and tells other products', async () => {
    const executor = await createExecutor();
    const backbone = await openBackbone({ backbone: 'compact', executor });
    const graph = {
      backbone,
      preprocessing: { imageSizePx: 256, ...IMAGENET_COLORS },
    };
    const session = await executor.load(buildDescriptorGraph(graph));
    const source = {
      session,
      provider: executor.provider,
      blobs: { read: async (path: string) => readFileSync(join(IMAGES, path)) },
      signal: new AbortController().signal,
      size: descriptorSize(graph),
    };
    const bank = await describeImages({ ...source, samples: samplesOf('train') });
    const leftOut = leaveOneOut(bank, 5);
    const sureFrom = sureShare(leftOut);
    const test = samplesOf('test');
    const { descriptors, size } = await describeImages({ ...source, samples: test });
    await session.release();
    const wrong = test.flatMap(({ category }, index) => {
      const own = descriptors.subarray(index * size, (index + 1) * size);
      const found = findCategory(bank, own, { neighbors: 5, sureFrom });
      return found.category === category ? [] : [{ expected: category, ...found }];
    });
    console.info(`${wrong.length} of ${test.length} wrong, sure from ${sureFrom.toFixed(3)}`);
    expect(test.length).toBeGreaterThan(200);
    expect(wrong.length).toBeLessThanOrEqual(0.03 * test.length);
    expect(wrong.filter(({ uncertain }) => !uncertain).length).toBeLessThanOrEqual(1);
    const isNormal = test.map(({ path }) => path.includes('/good/'));
    const reach = categoryReach(leftOut);
    const unfamiliar = (to: DescriptorBank, index: number) =>
      isUnfamiliar(to, descriptors.subarray(index * size, (index + 1) * size), reach);
    const normal = [...test.keys()].filter((index) => isNormal[index]);
    expect(normal.filter((index) => unfamiliar(bank, index) !== false)).toEqual([]);
    for (const category of ['alien', 'cookie']) {
      const others = having(bank, (name) => name !== category);
      const own = [...test.keys()].filter((index) => test[index]?.category === category);
      expect(own.filter((index) => unfamiliar(others, index) === true).length).toBeGreaterThan(
        0.95 * own.length,
      );
    }
    // One training image of `cookie` looks like no other.
    const cookies = having(bank, (name) => name === 'cookie');
    expect(
      [...test.keys()].filter(
        (index) => unfamiliar(cookies, index) !== (test[index]?.category !== 'cookie'),
      ),
    ).toEqual([]);
  });
});
