/** @file Safetensors files as backbones: real files on disk, of full-size architectures, run by the real runtime. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainError, Executor } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { float32 } from '../onnx/tensor.ts';
import { findArchitecture, recognizeNetwork } from './architectures.ts';
import { inspectBackbone } from './inspect-backbone.ts';
import type { Network } from './network.ts';
import { openBackbone } from './open-backbone.ts';
import { type SafeTensor, writeSafetensors } from './safetensors.ts';
import {
  openSafetensorsBackbone,
  type SafetensorsBackboneOptions,
} from './safetensors-backbone.ts';
import { inventWeights } from './testing/invent-weights.ts';
import { type VitDescription, vit } from './vit-graph.ts';
import { type Weights, weightsOf } from './weights.ts';

let folder: string;
let executor: Executor;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-weights-'));
  executor = await createExecutor({ threads: 1 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function save(name: string, tensors: ReadonlyMap<string, SafeTensor>): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, writeSafetensors(tensors));
  return path;
}

const failure = (options: SafetensorsBackboneOptions): Promise<DomainError> =>
  openSafetensorsBackbone(options).then(
    () => expect.unreachable(),
    (error: DomainError) => error,
  );

const named = (name: string) => findArchitecture(name) as Network;
const tiny: VitDescription = {
  dim: 128,
  depth: 2,
  heads: 2,
  hidden: 64,
  patchPx: 14,
  registers: 4,
  positions: 5,
  hasClassPosition: false,
};

describe('openSafetensorsBackbone', () => {
  it('builds a named architecture and gives the grids that the strides say', async () => {
    const path = await save(
      'b1.safetensors',
      inventWeights(named('tf_efficientnet_b1'), ['blocks.2']),
    );
    const backbone = await openSafetensorsBackbone({
      path,
      architecture: 'tf_efficientnet_b1',
      featureTaps: ['blocks.2', 'blocks.1'],
    });
    expect(backbone).toMatchObject({
      name: 'tf_efficientnet_b1',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      featureTaps: [
        { name: 'blocks.2', channels: 40, stride: 8 },
        { name: 'blocks.1', channels: 24, stride: 4 },
      ],
    });
    const session = await executor.load(backbone.model);
    const input = float32([2, 3, 50, 64], new Float32Array(2 * 3 * 50 * 64).fill(0.2));
    const values = await session.run({ input });
    expect(values['blocks.2']?.shape).toEqual([2, 40, 7, 8]);
    expect(values['blocks.1']?.shape).toEqual([2, 24, 13, 16]);
    await session.release();
  });

  it('tells the architecture from the tensors, and lists taps that exist', async () => {
    const path = await save('mine.safetensors', inventWeights(named('resnet34'), ['layer2']));
    const backbone = await openBackbone({ backbone: path, featureTaps: ['layer2'], executor });
    expect(backbone).toMatchObject({
      name: 'mine',
      featureTaps: [{ name: 'layer2', channels: 128, stride: 8 }],
    });
    for (const featureTaps of [['layer3'], [], ['layer1', 'layer1']]) {
      expect(await failure({ path, featureTaps })).toMatchObject({
        code: 'INVALID_INPUT',
        field: 'featureTaps',
        fix: 'Choose of: layer1 (64 channels, stride 4), layer2 (128 channels, stride 8).',
      });
    }
  });

  it('is inspected without being told what it is', async () => {
    const path = await save('look.safetensors', inventWeights(named('resnet18'), ['layer4'], true));
    expect(await inspectBackbone({ path, executor })).toMatchObject({
      kind: 'safetensors',
      architecture: 'resnet18',
      featureTaps: named('resnet18').taps,
      defaultTaps: ['layer2', 'layer3'],
    });
  });

  it('recognizes the files of whole architectures by name', () => {
    const recognize = (name: string, taps: string[]) =>
      recognizeNetwork(weightsOf(inventWeights(named(name), taps, true), 'x'));
    expect(recognize('resnet18', ['layer4'])?.name).toBe('resnet18');
    expect(recognize('tf_efficientnet_b0', ['blocks.6'])?.name).toBe('tf_efficientnet_b0');
    expect(recognize('vit_small_patch14_reg4_dinov2', ['norm'])?.name).toBe(
      'vit_small_patch14_reg4_dinov2',
    );
    expect(recognize('resnet18', ['layer2'])).toMatchObject({
      name: null,
      description: 'a ResNet of stages 2×64, 2×128',
    });
  });

  it('names the first tensor that does not fit and what the file looks like', async () => {
    const path = await save(
      'other.safetensors',
      inventWeights(named('resnet18'), ['layer4'], true),
    );
    const shape = await failure({ path, architecture: 'resnet50' });
    expect(shape).toMatchObject({ code: 'INVALID_INPUT', field: 'backbone' });
    expect(shape.message).toBe(
      'The file is not of resnet50. The weights in "other.safetensors" don\'t fit: tensor "layer1.0.conv1.weight" has shape [64, 64, 3, 3], expected [64, 64, 1, 1]. It looks like resnet18.',
    );
    const missing = await failure({ path, architecture: 'vit_small_patch14_dinov2' });
    expect(missing.message).toContain('tensor "patch_embed.proj.weight" is missing');
    const unknown = await failure({ path, architecture: 'vgg16' });
    expect(unknown.fix).toContain('tf_efficientnet_b0');
    const strange = new Map([
      ['features.0.weight', { dtype: 'F32', shape: [1], data: Float32Array.of(1) } as const],
    ]);
    const foreign = await failure({ path: await save('vgg.safetensors', strange) });
    expect(foreign.message).toContain('no known architecture');
    expect(foreign.message).toContain('"features.0.weight"');
  });

  it('says what is wrong with a file', async () => {
    const path = await save('cut.safetensors', inventWeights(named('resnet18'), ['layer1']));
    await truncate(path, 100_000);
    expect(await failure({ path })).toMatchObject({
      code: 'INVALID_INPUT',
      field: 'backbone',
      message: expect.stringContaining('end after the file'),
      fix: 'Copy or download the file again.',
    });
    await truncate(path, 5);
    expect((await failure({ path })).message).toContain('shorter than a header');
    expect((await failure({ path: join(folder, 'no.safetensors') })).code).toBe('NOT_FOUND');
    expect((await failure({ path: folder })).message).toContain('is a folder');
  });

  it('refuses images that are smaller than a 2×2 grid', async () => {
    const path = await save('small.safetensors', inventWeights(named('resnet18'), ['layer3']));
    const error = await failure({ path, imageSizePx: 16 });
    expect(error).toMatchObject({ code: 'INVALID_INPUT', field: 'featureTaps' });
    expect(error.message).toContain(
      'Images of 16×16 pixels are too small for feature tap "layer3"',
    );
    expect(error.fix).toContain('at least 32 pixels');
    await expect(
      openBackbone({ backbone: 'compact', imageSizePx: 8, executor }),
    ).rejects.toMatchObject({ field: 'featureTaps' });
  });
});

describe('a vision transformer', () => {
  const run = async (network: Network, weights: Weights, size: number) => {
    const session = await executor.load(network.build(weights, ['blocks.1']));
    const data = Float32Array.from({ length: 3 * size ** 2 }, (_, i) => Math.sin(i / 40));
    const values = await session.run({ input: float32([1, 3, size, size], data) });
    await session.release();
    return values['blocks.1'] as { shape: readonly number[]; data: Float32Array };
  };

  it.each([3, 8])('resamples its positions for a grid of %i as PyTorch does', async (grid) => {
    const tensors = inventWeights(vit(tiny), ['blocks.1']);
    const size = 14 * grid;
    const actual = await run(vit(tiny), weightsOf(tensors, 'x'), size);
    const resampled = new Map(tensors);
    const position = tensors.get('pos_embed')?.data as Float32Array;
    resampled.set('pos_embed', {
      dtype: 'F32',
      shape: [1, grid ** 2, tiny.dim],
      data: resample(position, tiny.positions, grid, tiny.dim),
    });
    const native = vit({ ...tiny, positions: grid });
    const expected = await run(native, weightsOf(resampled, 'x'), size);
    expect(actual.shape).toEqual([1, tiny.dim, grid, grid]);
    const peak = Math.max(...expected.data.map(Math.abs));
    for (const [i, value] of expected.data.entries()) {
      expect(Math.abs((actual.data[i] as number) - value) / peak).toBeLessThan(1e-5);
    }
  });

  it('has the grid of a wider stride, and refuses images smaller than two patches', async () => {
    const tensors = inventWeights(vit(tiny), ['norm']);
    const wide = vit(tiny, 16);
    expect((await run(wide, weightsOf(tensors, 'x'), 64)).shape).toEqual([1, tiny.dim, 4, 4]);
    const path = await save('vit.safetensors', tensors);
    const backbone = await openSafetensorsBackbone({ path, featureTaps: ['norm'] });
    expect(backbone.featureTaps).toEqual([{ name: 'norm', channels: 128, stride: 16 }]);
    expect((await failure({ path, imageSizePx: 14 })).message).toContain('too small');
  });
});

/**
 * `interpolate(mode='bicubic', antialias=True)` of positions `[from², D]`, by its definition: a cubic kernel with
 * a = −0.5 around half-pixel centers, widened when shrinking, cut off at the border and normalized.
 */
function resample(values: Float32Array, from: number, to: number, dim: number): Float32Array {
  const widen = Math.max(1, from / to);
  const kernel = (x: number) => {
    const t = Math.abs(x);
    if (t < 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
    return t < 2 ? -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2 : 0;
  };
  const rows = Array.from({ length: to }, (_, i) => {
    const center = ((i + 0.5) * from) / to;
    const row = Array.from({ length: from }, (_, j) => kernel((j + 0.5 - center) / widen));
    const sum = row.reduce((total, weight) => total + weight, 0);
    return row.map((weight) => weight / sum);
  });
  const result = new Float32Array(to * to * dim);
  for (let y = 0; y < to; y++) {
    for (let x = 0; x < to; x++) {
      for (let c = 0; c < dim; c++) {
        let total = 0;
        for (let v = 0; v < from; v++) {
          for (let u = 0; u < from; u++) {
            const weight = (rows[y]?.[v] ?? 0) * (rows[x]?.[u] ?? 0);
            total += weight * (values[(v * from + u) * dim + c] ?? 0);
          }
        }
        result[(y * to + x) * dim + c] = total;
      }
    }
  }
  return result;
}
