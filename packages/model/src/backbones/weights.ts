/**
 * @file The weights that a network is built from. A tensor is looked up by its name and the shape that it must have,
 * so that a file of another architecture is found out by the first tensor that doesn't fit.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { DomainError } from '@plumbline/contracts';
import { fileError } from './file-error.ts';
import {
  decodeValues,
  readHeaderLength,
  readLayout,
  SAFETENSORS_PREFIX_BYTES,
  type SafeTensor,
} from './safetensors.ts';

export interface Weights {
  readonly file: string;
  readonly names: readonly string[];
  /** Null when there is no such tensor. */
  shape(name: string): readonly number[] | null;
  /** f32, row-major. @throws DomainError unless the tensor is there, of floating point, in this shape. */
  get(name: string, shape: readonly number[]): Float32Array;
}

interface Entry {
  readonly shape: readonly number[];
  read(): SafeTensor['data'];
}

/** Weights that are in memory. */
export function weightsOf(tensors: ReadonlyMap<string, SafeTensor>, file: string): Weights {
  const entries = [...tensors].map(
    ([name, { shape, data }]) => [name, { shape, read: () => data }] as const,
  );
  return toWeights(new Map(entries), file);
}

/**
 * Weights in a safetensors file; only those asked for are read. Large files would not fit twice in memory.
 * @throws DomainError (field `backbone`) when the file is not there, can't be read, or a part of it is missing.
 */
export function openWeights(path: string): Weights & { close(): void } {
  const file = basename(path);
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw fileError(path, error);
  }
  try {
    const { size } = statSync(path);
    const prefix = readRange(descriptor, 0, Math.min(size, SAFETENSORS_PREFIX_BYTES));
    const headerBytes = readHeaderLength(prefix, size, file);
    const header = readRange(descriptor, SAFETENSORS_PREFIX_BYTES, headerBytes);
    const { entries } = readLayout(header, size, file);
    const lazy = [...entries].map(([name, { dtype, shape, start, end }]) => {
      const read = () => decodeValues(dtype, readRange(descriptor, start, end - start));
      return [name, { shape, read }] as const;
    });
    return { ...toWeights(new Map(lazy), file), close: () => closeSync(descriptor) };
  } catch (error) {
    closeSync(descriptor);
    if (!(error instanceof DomainError)) throw fileError(path, error);
    throw DomainError.fromBody({ ...error.toBody(), field: 'backbone' });
  }
}

function readRange(descriptor: number, start: number, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const read = readSync(descriptor, bytes, done, length - done, start + done);
    if (read === 0) throw new Error('The file ended while it was read.');
    done += read;
  }
  return bytes;
}

function toWeights(entries: ReadonlyMap<string, Entry>, file: string): Weights {
  return {
    file,
    names: [...entries.keys()],
    shape: (name) => entries.get(name)?.shape ?? null,
    get(name, shape) {
      const entry = entries.get(name);
      if (entry === undefined) throw new WrongTensorError(file, name, null, shape);
      if (entry.shape.join() !== shape.join()) {
        throw new WrongTensorError(file, name, entry.shape, shape);
      }
      const data = entry.read();
      if (data instanceof Float32Array) return data;
      if (data instanceof Float64Array) return Float32Array.from(data);
      throw new DomainError(
        'INVALID_INPUT',
        `Tensor "${name}" of "${file}" holds no real numbers.`,
        {
          field: 'backbone',
          fix: 'Save the weights as float32 or float16.',
        },
      );
    },
  };
}

/** A tensor is missing or has another shape than the architecture has. */
export class WrongTensorError extends DomainError {
  constructor(
    file: string,
    tensor: string,
    found: readonly number[] | null,
    expected: readonly number[],
  ) {
    const has = found === null ? 'is missing' : `has shape [${found.join(', ')}]`;
    super(
      'INVALID_INPUT',
      `The weights in "${file}" don't fit: tensor "${tensor}" ${has}, expected [${expected.join(', ')}].`,
      { field: 'backbone', fix: 'Use the weights of the architecture that you name.' },
    );
  }
}
