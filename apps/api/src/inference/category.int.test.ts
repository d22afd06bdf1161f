/** @file Whose thresholds an inspection uses, on real inference processes: named, found from the image, the only one, pooled. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type BundleManifest,
  CATEGORY_BANK_FILE,
  type DescriptorBank,
  type Prediction,
  predictionSchema,
} from '@plumbline/contracts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { colorPng } from '../testing/pictures.ts';
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts';

type Rgb = readonly [number, number, number];

const RED: Rgb = [200, 40, 40];
const GREEN: Rgb = [40, 200, 40];
const BLUE: Rgb = [40, 40, 200];

const LEFT: [number, number][][] = [
  [
    [0, 0],
    [0.2, 0],
    [0.2, 1],
    [0, 1],
  ],
];

let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform();
  await platform.addDataset('parts');
  await platform.publish({ model: 'single', dataset: 'parts', graph: 'brightness' });
  await publish('colors', { red: RED, green: GREEN, blue: BLUE }, ['red', 'green']);
  await publish('odd', { constructor: RED, pooled: GREEN, plain: BLUE });
  const names = ['red', 'green'];
  const manifest = await manifestWith(thresholdsOf(names), names);
  await platform.publish({ model: 'old', dataset: 'parts', graph: 'brightness', manifest });
});
afterAll(() => platform?.stop());

/** Image thresholds 0.1, 0.2, … in the order of the names; the pooled one is 0.5. */
function thresholdsOf(names: readonly string[]): BundleManifest['thresholds']['categories'] {
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      {
        imageThreshold: (index + 1) / 10,
        pixelThreshold: (index + 1) / 20,
        heldOutScores: [0.01, 0.02, 0.03],
      },
    ]),
  );
}

async function manifestWith(
  thresholds: BundleManifest['thresholds']['categories'],
  names: readonly string[],
): Promise<Partial<BundleManifest>> {
  const { manifest } = await platform.database.models.get('single', 1);
  if (manifest.kind === 'external') throw new Error('It is a trained one.');
  return {
    categories: Object.fromEntries(names.map((name) => [name, manifest.mean])),
    thresholds: { ...manifest.thresholds, categories: thresholds },
  };
}

/** A model that knows categories by their color. @param held Those with test images and thresholds; all when absent. */
async function publish(
  model: string,
  colors: Readonly<Record<string, Rgb>>,
  held: readonly string[] = Object.keys(colors),
  ignore?: BundleManifest['ignore'],
): Promise<void> {
  const names = Object.keys(colors);
  const shades = names.flatMap((name) =>
    [0, 5, 10].map((shift) => ({ name, rgb: (colors[name] as Rgb).map((one) => one + shift) })),
  );
  const bank: DescriptorBank = {
    names,
    categories: Int32Array.from(shades, ({ name }) => names.indexOf(name)),
    descriptors: Float32Array.from(
      shades.flatMap(({ rgb }) => rgb.map((one) => one / Math.hypot(...rgb))),
    ),
    size: 3,
  };
  const single = (await platform.database.models.get('single', 1)).manifest as BundleManifest;
  const categories = ignore?.map(({ category }) => category) ?? [];
  const regions = { ignore, graph: { ...single.graph, ignore: { name: 'ignore', categories } } };
  await platform.publish({
    model,
    dataset: 'parts',
    graph: ignore === undefined ? 'colored' : 'ignoring',
    bank,
    manifest: {
      ...(await manifestWith(thresholdsOf(held), held)),
      ...(ignore === undefined ? {} : regions),
      categoryBank: {
        file: CATEGORY_BANK_FILE,
        images: shades.length,
        neighbors: 3,
        sureFrom: 0.8,
        reach: { red: 0.2, green: 0.2 },
        testAccuracy: null,
      },
    },
  });
}

async function ask(model: string, rgb: Rgb, category?: string) {
  const query = category === undefined ? '' : `?${new URLSearchParams({ category })}`;
  const response = await fetch(`${platform.url}/v1/models/${model}/predict${query}`, {
    method: 'POST',
    body: await colorPng(rgb),
    headers: { 'content-type': 'image/png' },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function predict(model: string, rgb: Rgb, category?: string): Promise<Prediction> {
  const { status, body } = await ask(model, rgb, category);
  expect(status, JSON.stringify(body)).toBe(200);
  return predictionSchema.parse(body);
}

describe('a model of several categories', () => {
  test('finds the category from the image, takes its thresholds and records it', async () => {
    const record = vi.spyOn(platform.database.inspections, 'record'); // calls through
    expect(await predict('colors', RED)).toMatchObject({
      category: 'red',
      categorySource: 'found',
      categoryConfidence: 1,
      categoryUncertain: false,
      categoryCandidates: [{ category: 'red', confidence: 1 }],
      threshold: 0.1,
      heldOutImages: 3,
      heatmapScale: { threshold: 0.05 },
    });
    expect(await predict('colors', GREEN)).toMatchObject({ category: 'green', threshold: 0.2 });
    await expect
      .poll(() => record.mock.calls.flat(2))
      .toContainEqual(expect.objectContaining({ category: 'green' }));
    record.mockRestore();
  });

  test('leaves out the ignore regions of the category, named or found, and none for the pooled threshold', async () => {
    const colors = { red: RED, green: GREEN, blue: BLUE };
    await publish('ignoring', colors, ['red', 'green'], [{ category: 'green', polygons: LEFT }]);
    const whole = (await predict('colors', GREEN, 'green')).imageScore;
    for (const named of ['green', undefined]) {
      const found = await predict('ignoring', GREEN, named);
      expect(found).toMatchObject({ category: 'green', ignored: LEFT });
      expect(found.imageScore).toBeCloseTo(whole / 2);
    }
    for (const named of ['red', 'pooled']) {
      const other = await predict('ignoring', GREEN, named);
      expect(other.ignored).toEqual([]);
      expect(other.imageScore).toBeCloseTo(whole);
    }
    expect((await predict('ignoring', RED)).ignored).toEqual([]);
    const tensors = await fetch(`${platform.url}/v2/models/ignoring/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        inputs: [
          {
            ...{ name: 'image', datatype: 'BYTES', shape: [1] },
            parameters: { content_type: 'base64' },
            data: [Buffer.from(await colorPng(GREEN)).toString('base64')],
          },
        ],
        outputs: [{ name: 'image_score' }],
      }),
    });
    const { outputs } = (await tensors.json()) as { outputs: { data: number[] }[] };
    expect(outputs[0]?.data[0]).toBeCloseTo(whole / 2);
  });

  test('says when it is not sure, and between which', async () => {
    const between = await predict('colors', [122, 122, 40]);
    expect(between).toMatchObject({ categorySource: 'found', categoryUncertain: true });
    expect(between.categoryConfidence).toBeLessThan(0.8);
    const names = between.categoryCandidates.map(({ category }) => category);
    expect([...names].sort()).toEqual(['green', 'red']);
    expect(names[0]).toBe(between.category);
  });

  test('says when an image looks like none of the training images, whoever named a category', async () => {
    const gray: Rgb = [122, 122, 122];
    const colors = { red: RED, green: GREEN, blue: BLUE };
    await publish('telling', colors, ['red', 'green', 'blue']);
    for (const named of [undefined, 'red', 'pooled']) {
      expect((await predict('telling', gray, named)).unfamiliar).toBe(true);
      expect((await predict('telling', RED, named)).unfamiliar).toBe(false);
    }
    // No reach is known of it.
    expect((await predict('telling', BLUE)).unfamiliar).toBeNull();
  });

  test('takes the category that is given, whatever the image looks like', async () => {
    expect(await predict('colors', GREEN, 'red')).toMatchObject({
      category: 'red',
      categorySource: 'given',
      categoryConfidence: null,
      categoryUncertain: false,
      categoryCandidates: [],
      threshold: 0.1,
    });
  });

  test('pools when asked to', async () => {
    expect(await predict('colors', GREEN, 'pooled')).toMatchObject({
      category: null,
      categorySource: 'given',
      categoryConfidence: null,
      threshold: 0.5,
      heldOutImages: 4,
    });
  });

  test.each([undefined, 'blue'])(
    'has no thresholds for one that nothing was held out of, and says so (category %s)',
    async (category) => {
      expect(await predict('colors', BLUE, category)).toMatchObject({
        category: 'blue',
        threshold: 0.5,
        heldOutImages: 0,
        falseAlarmRate: null,
      });
    },
  );

  test.each(['screw', 'constructor', '__proto__', 'toString'])(
    'refuses %s, which it does not know',
    async (category) => {
      const { status, body } = await ask('colors', RED, category);
      expect(status).toBe(400);
      expect(body['error']).toMatchObject({
        code: 'INVALID_INPUT',
        field: 'category',
        fix: expect.stringMatching(/blue, green, red.*found from the image.*pooled/),
      });
    },
  );

  test('may have categories of any name: one called pooled is the category', async () => {
    expect(await predict('odd', RED)).toMatchObject({ category: 'constructor', threshold: 0.1 });
    expect(await predict('odd', GREEN)).toMatchObject({ category: 'pooled', threshold: 0.2 });
    expect(await predict('odd', RED, 'pooled')).toMatchObject({
      category: 'pooled',
      categorySource: 'given',
      threshold: 0.2,
    });
    expect(await predict('odd', BLUE, 'constructor')).toMatchObject({ category: 'constructor' });
  });

  test('whose bank is gone answers when the category is named, and says so when it is not', async () => {
    await publish('lost', { red: RED, green: GREEN });
    const directory = await platform.database.models.bundleDirectory('lost', 1);
    await rm(join(platform.home.bundles, directory, CATEGORY_BANK_FILE));
    expect(await ask('lost', RED)).toMatchObject({
      status: 503,
      body: { error: { fix: expect.stringContaining('name the category') } },
    });
    expect(await predict('lost', RED, 'red')).toMatchObject({ category: 'red' });
  });
});

test('a model of one category takes every image for one of it', async () => {
  expect(await predict('single', RED)).toMatchObject({
    category: 'part',
    categorySource: 'found',
    categoryConfidence: null,
    categoryCandidates: [],
    threshold: 0.75,
  });
});

test('a version from before banks asks for the category and never pools in silence', async () => {
  const { status, body } = await ask('old', RED);
  expect(status).toBe(400);
  expect(body['error']).toMatchObject({
    code: 'INVALID_INPUT',
    field: 'category',
    fix: expect.stringMatching(/green, red.*pooled/),
  });
  expect(await predict('old', RED, 'green')).toMatchObject({ category: 'green', threshold: 0.2 });
  expect(await predict('old', RED, 'pooled')).toMatchObject({ category: null, threshold: 0.5 });
});
