/** @file What a property test of the tracer is made of: a random call of an operation, as data that prints well. */
import type { Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';

export interface OpCase {
  /** The call in words, for the report of a failure. */
  readonly call: string;
  readonly shapes: readonly (readonly number[])[];
  /** Inputs lie between these; default −2 and 2. */
  readonly range?: readonly [number, number];
  readonly run: (...tensors: Tensor[]) => Tensor;
  /** What has the right gradient where TensorFlow.js' own of `run` is wrong. */
  readonly gradientOf?: (...tensors: Tensor[]) => Tensor;
  /** Default true. */
  readonly differentiable?: boolean;
  /**
   * Linear in each of its inputs, or in places so: then ⟨gradient, input⟩ = ⟨weights, output⟩ for each of them, which
   * is tested too. For gradients that are ours, where the comparison would be one of a gradient with itself.
   */
  readonly linear?: boolean;
}

export type CaseArbitrary = fc.Arbitrary<OpCase>;

export const size = (max = 5, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });

/** Shapes of some rank. */
export function shapeOf(minRank: number, maxRank: number, max = 4): fc.Arbitrary<number[]> {
  return fc.array(size(max), { minLength: minRank, maxLength: maxRank });
}

/** Two shapes that broadcast, the first of the higher rank. */
export const broadcastPair: fc.Arbitrary<[number[], number[]]> = shapeOf(1, 4).chain((shape) =>
  fc
    .tuple(
      fc.integer({ min: 0, max: shape.length }),
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    )
    .map(([from, first, second]): [number[], number[]] => [
      shape.map((length, axis) => (first[axis] ? 1 : length)),
      shape.map((length, axis) => (second[axis] ? 1 : length)).slice(from),
    ]),
);

/** A shape with one of its axes. */
export const shapeAndAxis: fc.Arbitrary<[number[], number]> = shapeOf(1, 4).chain((shape) =>
  fc.tuple(fc.constant(shape), fc.integer({ min: 0, max: shape.length - 1 })),
);
