/** @file STFPM's training and scores against the released method in PyTorch, with a small ResNet. */
import { readFileSync } from 'node:fs';
import { stfpm as definition } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { openEmbeddedBackbone } from '../../backbones/embedded-backbone.ts';
import { loadProgram } from '../../eager/index.ts';
import { buildTokensGraph } from '../../export/feature-graph.ts';
import { totalSize } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import { trainedSteps } from '../few-steps.ts';
import { formula } from '../formula.ts';
import { readArchitecture } from './architecture.ts';
import { studentBuffers, studentParameters } from './parameters.ts';
import { scoresProgram } from './score.ts';
import { convolutions, filled, SMALL, SMALL_LEVELS, smallBackbone } from './small-resnet.ts';
import { stfpmTrainable } from './trainable.ts';

interface Fixture {
  readonly losses: readonly number[];
  readonly weights: Readonly<Record<string, number[]>>;
  readonly scores: readonly number[];
}

const torch = JSON.parse(
  readFileSync(new URL('./fixtures/torch.json', import.meta.url), 'utf8'),
) as Fixture;

const BATCH = 2;
const backbone = smallBackbone();
const architecture = readArchitecture(backbone);
const trainable = stfpmTrainable({
  preset: {
    ...definition.resolve('paper'),
    // Not a size that a run may have: the fixture is small.
    imageSizePx: SMALL.side as 64,
    batchSize: BATCH,
    keepBest: false,
  },
  ...{ architecture, backbone, levels: SMALL_LEVELS, seed: 0, categories: 1 },
  images: { count: 4, read: async () => {} },
});

function pixelsOf(step: number) {
  const shape = [BATCH, 3, SMALL.side, SMALL.side];
  return float32(shape, Float32Array.from(formula(BATCH * 3 * SMALL.side ** 2, 1000 + step)));
}

/** PyTorch's filters `[O, I, h, w]` as ours, `[h, w, I, O]`. */
function transposed(values: ArrayLike<number>, [o = 1, i = 1, h = 1, w = 1]: readonly number[]) {
  return Float32Array.from({ length: o * i * h * w }, (_, at) => {
    const [out, inside] = [at % o, Math.floor(at / o) % i];
    const [column, row] = [Math.floor(at / (o * i)) % w, Math.floor(at / (o * i * w))];
    return values[((out * i + inside) * h + row) * w + column]!;
  });
}

/** The student that PyTorch begins with, flat. */
function startWeights(): Float32Array {
  const tensors = filled(500, false);
  const of = (name: string) => tensors.get(name)?.data as Float32Array;
  return Float32Array.from(
    convolutions().flatMap(({ conv, norm, shape }) => [
      ...transposed(of(`${conv}.weight`), shape),
      ...of(`${norm}.weight`),
      ...of(`${norm}.bias`),
    ]),
  );
}

/** What PyTorch ends with: weights flat, running statistics by our names. */
function expectedEnd() {
  const of = (name: string) => torch.weights[name] ?? [];
  const all = convolutions();
  return {
    weights: all.flatMap(({ conv, norm }) => [
      ...of(`${conv}.weight`),
      ...of(`${norm}.weight`),
      ...of(`${norm}.bias`),
    ]),
    buffers: Object.fromEntries(
      all.flatMap(({ norm }, index) => [
        [`convolution${index}.mean`, of(`${norm}.running_mean`)],
        [`convolution${index}.variance`, of(`${norm}.running_var`)],
      ]),
    ),
  };
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, within: number): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i]! - expected[i]!), String(i)).toBeLessThan(within);
}

describe('STFPM, as PyTorch computes it', () => {
  it('takes three steps with SGD, and keeps the running statistics', async () => {
    const feeds = torch.losses.map((_, step) => ({ pixels: pixelsOf(step) }));
    const found = await trainedSteps(trainable, startWeights(), feeds);
    for (const [step, loss] of torch.losses.entries())
      expect(found.losses[step]).toBeCloseTo(loss, 4);
    const { weights, buffers } = expectedEnd();
    expectClose(found.weights, weights, 1e-3);
    for (const { name } of studentBuffers(architecture))
      expectClose(found.buffers[name]!, buffers[name] ?? [], 1e-3);
  });

  it('multiplies the levels’ distances at the finest grid, with the running statistics', async () => {
    const executor = await createExecutor({ threads: 1 });
    const { weights, buffers } = expectedEnd();
    const program = scoresProgram(
      { architecture, levels: SMALL_LEVELS, imageSizePx: SMALL.side },
      {
        weights: Float32Array.from(weights),
        buffers: Object.fromEntries(
          Object.entries(buffers).map(([name, values]) => [name, Float32Array.from(values)]),
        ),
      },
    );
    const teacher = await executor.load(buildTokensGraph(backbone));
    const pixels = pixelsOf(9);
    const tokens = await teacher.run({ pixels });
    const session = await loadProgram(executor, program);
    const { scores0 } = await session.run({ pixels, ...tokens });
    await session.release();
    await teacher.release();
    expect(scores0?.shape).toEqual([BATCH, 64]);
    expectClose(scores0?.data as Float32Array, torch.scores, 1e-4);
  });

  it('gives 0 everywhere where the student is the teacher', async () => {
    const executor = await createExecutor({ threads: 1 });
    const tensors = filled(0, true);
    const of = (name: string) => tensors.get(name)?.data as Float32Array;
    const same = convolutions().flatMap(({ conv, norm, shape }) => [
      ...transposed(of(`${conv}.weight`), shape),
      ...of(`${norm}.weight`),
      ...of(`${norm}.bias`),
    ]);
    const program = scoresProgram(
      { architecture, levels: SMALL_LEVELS, imageSizePx: SMALL.side },
      {
        weights: Float32Array.from(same),
        buffers: Object.fromEntries(
          convolutions().flatMap(({ norm }, index) => [
            [`convolution${index}.mean`, of(`${norm}.running_mean`)],
            [`convolution${index}.variance`, of(`${norm}.running_var`)],
          ]),
        ),
      },
    );
    const teacher = await executor.load(buildTokensGraph(backbone));
    const session = await loadProgram(executor, program);
    const pixels = pixelsOf(3);
    const { scores0 } = await session.run({ pixels, ...(await teacher.run({ pixels })) });
    await session.release();
    await teacher.release();
    // The teacher’s BatchNorm is folded, the student’s is not: they differ by rounding, whose sixth power is 0.
    const scores = scores0?.data as Float32Array;
    expect(scores).toHaveLength(BATCH * 64);
    for (const score of scores) expect(score).toBeLessThan(1e-30);
  });

  it('has the parameters of a ResNet-18 up to its third stage', async () => {
    const standard = await openEmbeddedBackbone('standard', ['layer1', 'layer2', 'layer3']);
    expect(totalSize(studentParameters(readArchitecture(standard)))).toBe(2_782_784);
  });

  it('refuses a backbone whose layers a student can’t have, and says which', () => {
    const efficient = { ...backbone, name: 'odd', model: buildTokensGraph(backbone) };
    expect(() => readArchitecture(efficient)).toThrow(
      expect.objectContaining({ field: 'backbone', message: expect.stringContaining('Reshape') }),
    );
  });
});
