/**
 * @file Transpositions for a device, which takes one pass over a tensor for each: one of a reshaped transposition is one
 * transposition of the axes that both know. Splitting heads and swapping queries or keys for a product is such a pair.
 */
import type { GraphBuilder } from '../../onnx/index.ts';
import type { KernelRecording } from '../recording-backend.ts';
import { reshapeValue } from './reshape-value.ts';

/** Axes into which each axis of two shapes of as many numbers divides, as places in `sizes`; an axis of 1 has none. */
interface Refinement {
  readonly sizes: readonly number[];
  readonly first: readonly (readonly number[])[];
  readonly second: readonly (readonly number[])[];
}

/** @returns Null when the shapes have no common refinement, such as `[2, 3]` and `[3, 2]`. */
export function refine(first: readonly number[], second: readonly number[]): Refinement | null {
  const sizes: number[] = [];
  const [own, other] = [walk(first), walk(second)];
  for (;;) {
    const [a, b] = [own.left(), other.left()];
    if (a === null || b === null)
      return a === b ? { sizes, first: own.places, second: other.places } : null;
    const size = Math.min(a, b);
    if (a % size !== 0 || b % size !== 0) return null;
    own.take(size, sizes.length);
    other.take(size, sizes.length);
    sizes.push(size);
  }
}

/** Takes the axes of a shape apart, one factor after the other; those of 1 are passed over. */
function walk(shape: readonly number[]) {
  const places = shape.map((): number[] => []);
  let axis = 0;
  let rest = shape[0] ?? 1;
  const pass = () => {
    while (rest === 1 && axis < shape.length) rest = shape[++axis] ?? 1;
  };
  return {
    places,
    /** What is left of the present axis; null at the end. */
    left: (): number | null => {
      pass();
      return axis < shape.length ? rest : null;
    },
    take: (size: number, place: number) => {
      places[axis]?.push(place);
      rest /= size;
    },
  };
}

/** Axes of a value in another order, merged with the transposition that it is a reshape of. */
export function mergedTranspose(r: KernelRecording, name: string, axes: readonly number[]): string {
  const found = transpositionBehind(r.builder, name);
  const shape = r.builder.shapeOf(name);
  if (found === null || shape === null || r.batchPlaceholder !== null)
    return r.builder.transpose(name, axes);
  const refined = refine(found.shape, shape);
  if (refined === null) return r.builder.transpose(name, axes);
  const { sizes, first, second } = refined;
  // The refined axes in the order of what was transposed, and where each of them is there.
  const source = found.axes.flatMap((_, axis) => first[found.axes.indexOf(axis)] ?? []);
  const order = axes.flatMap((axis) => second[axis] ?? []).map((place) => source.indexOf(place));
  const whole = reshapeValue(
    r,
    found.of,
    source.map((place) => sizes[place] ?? 1),
  );
  return reshapeValue(
    r,
    mergedTranspose(r, whole, order),
    axes.map((axis) => shape[axis] ?? 1),
  );
}

/** The transposition that a value is a reshape of, and its result's shape. */
function transpositionBehind(builder: GraphBuilder, name: string) {
  const of = builder.reshapedFrom(name);
  if (of === null) return null;
  const transposition = builder.transpositionOf(of);
  const shape = builder.shapeOf(of);
  return transposition === null || shape === null ? null : { ...transposition, shape };
}
