/** @file A backbone in int8, run for real beside the same in float32. */
import { type DomainError, IMAGENET_COLORS, imageFeed } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { expect, it } from 'vitest';
import { openEmbeddedBackbone } from '../backbones/embedded-backbone.ts';
import { buildFeatureGraph } from '../export/feature-graph.ts';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { calibrateBackbone } from './calibrate-backbone.ts';
import { quantizeBackbone } from './quantize-backbone.ts';

const preprocessing = { imageSizePx: 64, ...IMAGENET_COLORS };
const executor = await createExecutor({ threads: 1 });
const exact = await openEmbeddedBackbone('compact');

function picture(shift: number) {
  const data = Uint8Array.from(
    { length: 64 * 64 * 3 },
    (_, i) => 128 + 100 * Math.sin(i / 40 + shift),
  );
  return { height: 64, width: 64, data };
}

async function calibrated() {
  const measuring = await calibrateBackbone({ backbone: exact, preprocessing, executor });
  for (const shift of [0, 1, 2]) await measuring.add(imageFeed([picture(shift)]));
  const ranges = measuring.ranges();
  await measuring.release();
  return quantizeBackbone(exact, { images: ['a', 'b', 'c'], ranges });
}

async function featuresOf(backbone: typeof exact) {
  const graph = buildFeatureGraph({ backbone, preprocessing, averagePool: false });
  return executor.load(graph);
}

it('gives features near those of float32, in a third of the bytes, with the same taps', async () => {
  const backbone = await calibrated();
  expect(backbone.featureTaps).toEqual(exact.featureTaps);
  expect(3 * backbone.model.length).toBeLessThan(exact.model.length);
  const [one, other] = [await featuresOf(exact), await featuresOf(backbone)];
  const feed = imageFeed([picture(0.5)]);
  const [expected, actual] = [await one.run(feed), await other.run(feed)];
  for (const name of ['tokens0', 'tokens1']) {
    const [a, b] = [expected[name]?.data as Float32Array, actual[name]?.data as Float32Array];
    const error = Math.hypot(...a.map((value, i) => value - (b[i] as number))) / Math.hypot(...a);
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(0.15);
  }
});

it('is the same bytes again, and gives the same alone and in a batch', async () => {
  const backbone = await calibrated();
  expect((await calibrated()).model).toEqual(backbone.model);
  const session = await featuresOf(backbone);
  const alone = await session.run(imageFeed([picture(1.5)]));
  const batch = await session.run(imageFeed([picture(1.5), picture(2.5)]));
  const values = alone['tokens1']?.data as Float32Array;
  const both = batch['tokens1']?.data as Float32Array;
  expect(both.subarray(0, values.length)).toEqual(values);
});

it('refuses networks of other operators, and ranges of another backbone', async () => {
  const builder = new GraphBuilder('backbone');
  const input = builder.input('input', 'float32', ['N', 3, 'H', 'W']);
  builder.node('Sigmoid', [input], {}, ['tap']);
  builder.output('tap', 'float32', ['N', 3, 'H', 'W']);
  const other = { ...exact, model: builder.build() };
  await expect(
    calibrateBackbone({ backbone: other, preprocessing, executor }),
  ).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    field: 'precision',
    message: expect.stringContaining('Sigmoid'),
  } satisfies Partial<Record<keyof DomainError, unknown>>);
  expect(() => quantizeBackbone(exact, { images: [], ranges: {} })).toThrow("not this backbone's");
});
