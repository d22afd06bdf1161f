/** @file ONNX files as backbones: real files on disk, run by the real runtime. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainError, Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../onnx/graph-builder.ts';
import { decodeModelProto, encodeModelProto } from '../onnx/schema.ts';
import { float32, int64 } from '../onnx/tensor.ts';
import { inspectBackbone } from './inspect-backbone.ts';
import { openOnnxBackbone } from './onnx-backbone.ts';

const SHARED = new URL('../../../../../shared/backbones/', import.meta.url).pathname;

let folder: string;
let executor: Executor;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-backbone-'));
  executor = await createExecutor({ threads: 1 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Five strided convolutions; `taps` are outputs, and with `logits` there is a classifier. */
function convolutions(taps: readonly string[], logits = false): GraphBuilder {
  const builder = new GraphBuilder('net', 17);
  let value = builder.input('pixels', 'float32', ['N', 3, 'H', 'W']);
  for (let i = 1, channels = 3; i <= 5; i++) {
    const out = 4 * i;
    const weights = Float32Array.from(
      { length: out * channels * 9 },
      (_, k) => Math.sin(k + i) / 9,
    );
    const conv = builder.op(
      'Conv',
      [value, builder.constant(float32([out, channels, 3, 3], weights), `weight${i}`)],
      { strides: { is: [2, 2] }, pads: { is: [1, 1, 1, 1] } },
    );
    value = builder.node('Relu', [conv], {}, [`stage${i}`])[0] as string;
    channels = out;
    if (taps.includes(value)) builder.output(value, 'float32', ['N', out, `h${i}`, `w${i}`]);
  }
  if (logits) {
    const pooled = builder.op('GlobalAveragePool', [value]);
    builder.node('Flatten', [pooled], {}, ['logits']);
    builder.output('logits', 'float32', ['N', 20]);
  }
  return builder;
}

async function save(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const failure = (path: string, featureTaps?: readonly string[]): Promise<DomainError> =>
  openOnnxBackbone({ path, featureTaps, executor }).then(
    () => expect.unreachable(),
    (error: DomainError) => error,
  );

describe('openOnnxBackbone', () => {
  it('takes the outputs at stride 8 and 16 and cuts the rest off', async () => {
    const path = await save(
      'net.onnx',
      convolutions(['stage2', 'stage3', 'stage4', 'stage5'], true).build(),
    );
    const backbone = await openOnnxBackbone({ path, executor });
    expect(backbone.name).toBe('net');
    expect(backbone.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(backbone.featureTaps).toEqual([
      { name: 'stage3', channels: 12, stride: 8 },
      { name: 'stage4', channels: 16, stride: 16 },
    ]);
    const { graph, opset_import } = decodeModelProto(backbone.model);
    expect(graph.initializer).toHaveLength(4);
    expect(graph.input.map((input) => input.name)).toEqual(['input']);
    expect(opset_import).toMatchObject([{ version: 20 }]);
    const session = await executor.load(backbone.model);
    const image = float32([1, 3, 40, 24], new Float32Array(3 * 40 * 24).fill(1));
    expect((await session.run({ input: image }))['stage3']?.shape).toEqual([1, 12, 5, 3]);
    await session.release();
  });

  it('finds taps inside a classifier and takes any value by name, in the order asked', async () => {
    const path = await save('classifier.onnx', convolutions([], true).build());
    const found = await openOnnxBackbone({ path, executor });
    expect(found.featureTaps.map((tap) => tap.name)).toEqual(['stage3', 'stage4']);
    const named = await openOnnxBackbone({ path, executor, featureTaps: ['stage5', 'stage1'] });
    expect(named.featureTaps).toEqual([
      { name: 'stage5', channels: 20, stride: 32 },
      { name: 'stage1', channels: 4, stride: 2 },
    ]);
  });

  it('lists what there is when a tap is unknown, not a feature map, or named twice', async () => {
    const path = await save('taps.onnx', convolutions(['stage3', 'stage4'], true).build());
    for (const taps of [['layer9'], ['stage3', 'logits'], ['stage3', 'stage3'], []]) {
      const error = await failure(path, taps);
      expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'featureTaps' });
      expect(error.fix).toBe(
        'Choose of: stage3 (12 channels, stride 8), stage4 (16 channels, stride 16).',
      );
    }
    const inner = await failure(await save('inner.onnx', convolutions([], true).build()), ['x']);
    expect(inner.message).toContain('"x"');
    expect(inner.fix).toContain('stage1 (4 channels, stride 2)');
  });

  it('says what is wrong with a file', async () => {
    const whole = convolutions(['stage3', 'stage4']).build();
    const cases: [string, string][] = [
      [join(folder, 'nowhere.onnx'), 'There is no backbone file'],
      [folder, 'is a folder'],
      [await save('empty.onnx', ''), 'is not an ONNX model'],
      [await save('text.onnx', 'model: not really\n'), 'is not an ONNX model'],
      [await save('half.onnx', whole.subarray(0, whole.length / 2)), 'a part of one is missing'],
      [await save('short.onnx', whole.subarray(0, whole.length - 5)), 'a part of one is missing'],
    ];
    for (const [path, message] of cases) {
      const error = await failure(path);
      expect(error).toMatchObject({ name: 'DomainError', field: 'backbone' });
      expect(error.message).toContain(message);
      expect(error.fix).toBeTruthy();
    }
  });

  it('says what is wrong with an input', async () => {
    const graph = (
      dtype: 'float32' | 'uint8',
      shape: readonly (number | string)[],
      more = false,
    ) => {
      const builder = new GraphBuilder('odd', 17);
      const x = builder.input('x', dtype, shape);
      if (more) builder.input('mask', 'float32', ['N']);
      builder.node('Identity', [x], {}, ['y']);
      builder.output('y', dtype, shape);
      return builder.build();
    };
    const cases: [Uint8Array, string][] = [
      [graph('float32', ['N', 3, 'H', 'W'], true), 'it has 2 ("x", "mask")'],
      [graph('uint8', ['N', 3, 'H', 'W']), 'instead of float32'],
      [graph('float32', ['N', 'L', 8]), '[?, ?, 8] instead of [N, 3, H, W]'],
      [graph('float32', ['N', 224, 224, 3]), '[?, 224, 224, 3] instead of'],
    ];
    for (const [i, [bytes, message]] of cases.entries()) {
      const error = await failure(await save(`input${i}.onnx`, bytes));
      expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'backbone' });
      expect(error.message).toContain(message);
    }
  });

  it('measures at the size that it is told, which a file may be fixed to', async () => {
    const builder = new GraphBuilder('fixed', 17);
    const x = builder.input('x', 'float32', ['N', 3, 128, 128]);
    const pool = { kernel_shape: { is: [8, 8] }, strides: { is: [8, 8] } };
    builder.node('AveragePool', [x], pool, ['y']);
    builder.output('y', 'float32', ['N', 3, 16, 16]);
    const path = await save('fixed128.onnx', builder.build());
    const backbone = await openOnnxBackbone({
      path,
      executor,
      imageSizePx: 128,
      featureTaps: ['y'],
    });
    expect(backbone.featureTaps).toEqual([{ name: 'y', channels: 3, stride: 8 }]);
    expect((await failure(path)).message).toContain('it was exported for 128×128');
    const tiny = await save('tiny.onnx', convolutions(['stage5']).build());
    const error = await openOnnxBackbone({
      path: tiny,
      executor,
      imageSizePx: 32,
      featureTaps: ['stage5'],
    }).catch((caught: DomainError) => caught);
    expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'featureTaps' });
    expect((error as DomainError).message).toContain('not a square feature map');
  });

  it('lists outputs and inner values by stride', async () => {
    const path = await save('listed.onnx', convolutions(['stage3'], true).build());
    const found = await inspectBackbone({ path, executor });
    expect(found).toMatchObject({ kind: 'onnx', architecture: null, file: path });
    expect(found.featureTaps.map((tap) => [tap.name, tap.stride])).toEqual([
      ['stage1', 2],
      ['stage2', 4],
      ['stage3', 8],
      ['stage4', 16],
      ['stage5', 32],
    ]);
    expect(found.defaultTaps).toEqual(['stage3', 'stage4']);
  });

  it('finds out models for one size or one image', async () => {
    const builder = new GraphBuilder('fixed', 17);
    const x = builder.input('x', 'float32', [1, 3, 32, 32]);
    const flat = builder.op('Reshape', [x, builder.constant(int64([1, 3, 32, 32]))]);
    builder.node('Relu', [flat], {}, ['y']);
    builder.output('y', 'float32', [1, 3, 32, 32]);
    const error = await failure(await save('fixed.onnx', builder.build()));
    expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'backbone' });
    expect(error.message).toContain("doesn't run on 2 images of 256×256 pixels");
    expect(error.message).toContain('it was exported for 32×32');
  });

  it('refuses external weights and operator sets it does not know', async () => {
    const model = () => decodeModelProto(convolutions(['stage3', 'stage4']).build());
    const old = model();
    old.opset_import = [{ version: 6 }];
    const external = model();
    const [weight] = external.graph.initializer;
    if (weight) {
      weight.data_location = 1;
      weight.external_data = [{ key: 'location', value: 'weights.bin' }];
    }
    for (const [name, proto, message] of [
      ['old', old, 'operator set 6'],
      ['external', external, 'another file'],
    ] as const) {
      const error = await failure(await save(`${name}.onnx`, encodeModelProto(proto)));
      expect(error).toMatchObject({ name: 'DomainError', field: 'backbone' });
      expect(error.message).toContain(message);
    }
  });

  it.skipIf(!existsSync(SHARED)).each([
    ['resnet18', ['layer2', 128], ['layer3', 256]],
    ['resnet50', ['layer2', 512], ['layer3', 1024]],
    ['mobilenetv2', ['s8', 32], ['s16', 96]],
  ] as const)('finds the default taps of %s', async (name, at8, at16) => {
    const backbone = await openOnnxBackbone({ path: `${SHARED}${name}.onnx`, executor });
    expect(backbone.featureTaps).toEqual([
      { name: at8[0], channels: at8[1], stride: 8 },
      { name: at16[0], channels: at16[1], stride: 16 },
    ]);
  });
});
