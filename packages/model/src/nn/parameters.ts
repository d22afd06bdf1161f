/**
 * @file Parameters of a network: their names and shapes in a fixed order, which is also that of the one flat vector
 * that checkpoints hold, and their initialization.
 */
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { RandomStream } from './random.ts';

export type Initializer =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  /** Mean 0 when absent. */
  | { readonly kind: 'normal'; readonly std: number; readonly mean?: number }
  /** A normal number that is drawn again beyond ±cut. */
  | { readonly kind: 'truncatedNormal'; readonly std: number; readonly cut: number }
  /** In [−bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number }
  /** In [0, 1). */
  | { readonly kind: 'unit' }
  /** What several parameters are made from together. */
  | { readonly kind: 'given'; readonly values: Float32Array };

export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
}

export type Parameters = Readonly<Record<string, Tensor>>;

export function parameterSize(spec: ParameterSpec): number {
  return spec.shape.reduce((product, size) => product * size, 1);
}

export function totalSize(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, spec) => sum + parameterSize(spec), 0);
}

/** Freshly initialized values, f32 `[totalSize(specs)]`, in the order of the specs. */
export function initializeParameters(
  specs: readonly ParameterSpec[],
  random: RandomStream,
): Float32Array {
  const flat = new Float32Array(totalSize(specs));
  let offset = 0;
  for (const spec of specs) {
    const part = flat.subarray(offset, offset + parameterSize(spec));
    fill(part, spec.initializer, random);
    offset += part.length;
  }
  return flat;
}

function fill(out: Float32Array, initializer: Initializer, random: RandomStream): void {
  switch (initializer.kind) {
    case 'zeros':
      return;
    case 'ones':
      out.fill(1);
      return;
    case 'constant':
      out.fill(initializer.value);
      return;
    case 'normal':
      random.fillNormal(out);
      for (let i = 0; i < out.length; i++)
        out[i] = out[i]! * initializer.std + (initializer.mean ?? 0);
      return;
    case 'uniform':
      for (let i = 0; i < out.length; i++)
        out[i] = (random.nextUniform() * 2 - 1) * initializer.bound;
      return;
    case 'truncatedNormal':
      fillTruncated(out, initializer, random);
      return;
    case 'unit':
      random.fillUniform(out);
      return;
    case 'given':
      out.set(initializer.values);
  }
}

function fillTruncated(
  out: Float32Array,
  { std, cut }: { readonly std: number; readonly cut: number },
  random: RandomStream,
): void {
  const drawn = new Float32Array(out.length);
  let filled = 0;
  while (filled < out.length) {
    random.fillNormal(drawn);
    for (const value of drawn) {
      if (filled === out.length) break;
      if (Math.abs(std * value) <= cut) out[filled++] = std * value;
    }
  }
}

export function byName(tensors: readonly Tensor[], specs: readonly ParameterSpec[]): Parameters {
  return Object.fromEntries(specs.map((spec, index) => [spec.name, tensors[index] as Tensor]));
}

/**
 * Each parameter as a constant of its own, so that what depends on weights alone is folded when the graph is loaded.
 * @param flat f32 `[totalSize(specs)]`, in the order of the specs.
 */
export function constantParameters(
  specs: readonly ParameterSpec[],
  flat: Float32Array,
): Parameters {
  let offset = 0;
  return Object.fromEntries(
    specs.map((spec) => {
      const size = parameterSize(spec);
      const values = flat.slice(offset, offset + size);
      offset += size;
      return [spec.name, tensor(values, [...spec.shape])];
    }),
  );
}

/** Buffers as constants, by name. @param buffers f32, by the names of the specs. */
export function constantBuffers(
  specs: readonly ParameterSpec[],
  buffers: Readonly<Record<string, Float32Array>>,
): Parameters {
  return Object.fromEntries(
    specs.map(({ name, shape }) => [name, tensor(buffers[name] as Float32Array, [...shape])]),
  );
}

/** One parameter by name. @throws Error naming it when the network has none. */
export function parameter(parameters: Parameters, name: string): Tensor {
  const found = parameters[name];
  if (found === undefined) throw new Error(`The network has no parameter "${name}".`);
  return found;
}
