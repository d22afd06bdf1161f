/** @file For tests: what DRAEM's and DiffusionAD's networks are checked by against PyTorch. */
import { IMAGENET_COLORS, type TensorValue } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { expect } from 'vitest';
import { loadProgram } from '../../eager/index.ts';
import type { ParameterSpec } from '../../nn/parameters.ts';
import { float32 } from '../../onnx/index.ts';
import type { TensorProgram } from '../../trace/index.ts';
import { sampled } from '../few-steps.ts';
import { formula } from '../formula.ts';

/** Of a step from known weights, and of scores with known statistics; numbers are samples. */
export interface PixelFixture {
  readonly gradient: readonly (readonly number[])[];
  readonly statistics: readonly (readonly number[])[];
  readonly probability: readonly number[];
}

interface FirstStep {
  readonly gradient: Float32Array;
  readonly buffers: Readonly<Record<string, Float32Array>>;
}

/**
 * The gradients of the first network and of the second point where PyTorch's do, and running statistics are its own.
 * @param ofFirst Parameters of the first network.
 * @param bounds Least cosine, and digits of the ratio of lengths.
 */
export function expectStep(
  found: FirstStep,
  torch: PixelFixture,
  networks: {
    readonly specs: readonly ParameterSpec[];
    readonly ofFirst: number;
    readonly buffers: readonly ParameterSpec[];
  },
  bounds: { readonly cosine: number; readonly digits: number },
): void {
  const gradient = Object.values(sampled(networks.specs, found.gradient));
  for (const part of [[0, networks.ofFirst], [networks.ofFirst]] as const) {
    const [own, expected] = [gradient.slice(...part).flat(), torch.gradient.slice(...part).flat()];
    expect(cosine(own, expected)).toBeGreaterThan(bounds.cosine);
    expect(length(own) / length(expected)).toBeCloseTo(1, bounds.digits);
  }
  for (const [index, { name }] of networks.buffers.entries())
    expectClose(found.buffers[name]!, torch.statistics[index]!, 1e-3);
}

/** Running statistics that no training gave, as the fixtures have them. */
export function madeUpStatistics(buffers: readonly ParameterSpec[]): Record<string, Float32Array> {
  return Object.fromEntries(
    buffers.map(({ name, shape: [channels = 0] }, index) => {
      const shift = name.endsWith('variance') ? 1 : 0;
      const values = formula(channels, 500 + index).map((x) => x * 0.2 + shift);
      return [name, Float32Array.from(values)];
    }),
  );
}

/** @param colors f32 `[N, S, S, 3]`, 0 to 1: what the program is given as normalized pixels, channels first. */
export async function expectScores(
  program: TensorProgram,
  colors: TensorValue,
  torch: PixelFixture,
  within: number,
): Promise<void> {
  const session = await loadProgram(await createExecutor({ threads: 1 }), program);
  const [images = 0, side = 0] = colors.shape;
  const size = side ** 2;
  const { mean, std } = IMAGENET_COLORS;
  const pixels = Float32Array.from({ length: images * 3 * size }, (_, i) => {
    const [image, channel] = [Math.floor(i / 3 / size), Math.floor(i / size) % 3];
    const color = Number(colors.data[(image * size + (i % size)) * 3 + channel]);
    return (color - mean[channel]!) / std[channel]!;
  });
  const { scores0 } = await session.run({ pixels: float32([images, 3, side, side], pixels) });
  await session.release();
  expect(scores0?.shape).toEqual([images, size]);
  const scores = scores0?.data as Float32Array;
  expectClose(
    scores.filter((_, i) => i % 37 === 0),
    torch.probability,
    within,
  );
}

function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, within: number): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(found[i]! - expected[i]!), String(i)).toBeLessThan(within);
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const length = (a: readonly number[]) => Math.sqrt(dot(a, a));
const cosine = (a: readonly number[], b: readonly number[]) => dot(a, b) / length(a) / length(b);
