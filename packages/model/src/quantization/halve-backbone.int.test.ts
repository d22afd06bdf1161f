/** @file A backbone with weights in float16, run for real beside the same in float32. */
import { IMAGENET_COLORS, imageFeed } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { expect, it } from 'vitest';
import { openEmbeddedBackbone } from '../backbones/embedded-backbone.ts';
import { buildFeatureGraph } from '../export/feature-graph.ts';
import { decodeModelProto, encodeModelProto } from '../onnx/schema.ts';
import { halveBackbone } from './halve-backbone.ts';

const preprocessing = { imageSizePx: 64, ...IMAGENET_COLORS };
const executor = await createExecutor({ threads: 1 });
const exact = await openEmbeddedBackbone('compact');
const feed = imageFeed([
  {
    ...{ height: 64, width: 64 },
    data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => 128 + 100 * Math.sin(i / 40)),
  },
]);

async function featuresOf(backbone: typeof exact) {
  const session = await executor.load(
    buildFeatureGraph({ backbone, preprocessing, averagePool: false }),
  );
  return session.run(feed);
}

it('gives features next to those of float32, in half the bytes', async () => {
  const backbone = halveBackbone(exact);
  expect(backbone).toMatchObject({ precision: 'float16', sha256: exact.sha256 });
  expect(backbone.model.length / exact.model.length).toBeLessThan(0.55);
  const [expected, actual] = [await featuresOf(exact), await featuresOf(backbone)];
  for (const name of ['tokens0', 'tokens1']) {
    const [a, b] = [expected[name]?.data as Float32Array, actual[name]?.data as Float32Array];
    const error = Math.hypot(...a.map((value, i) => value - (b[i] as number))) / Math.hypot(...a);
    // Half a unit in the last place of 11 bits is 2.4e-4.
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(1e-3);
  }
});

it('refuses a weight that float16 does not hold, naming it', () => {
  const proto = decodeModelProto(exact.model);
  const kernel = proto.graph.initializer.find(({ dims }) => dims.length === 4);
  if (kernel?.raw_data === undefined) throw new Error('The backbone has no kernel.');
  const raw_data = Uint8Array.from(kernel.raw_data);
  new DataView(raw_data.buffer).setFloat32(0, 1e6, true);
  const initializer = proto.graph.initializer.map((one) =>
    one === kernel ? { ...one, raw_data } : one,
  );
  const model = encodeModelProto({ ...proto, graph: { ...proto.graph, initializer } });
  expect(() => halveBackbone({ ...exact, model })).toThrow(
    expect.objectContaining({
      ...{ code: 'UNSUPPORTED', field: 'precision' },
      message: expect.stringContaining(`"${kernel.name}" has the weight 1000000`),
    }),
  );
});
