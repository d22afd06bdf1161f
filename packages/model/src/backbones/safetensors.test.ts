/** @file The safetensors reader against files it wrote, broken ones, and the definition of binary16. */
import { DomainError } from '@plumbline/contracts';
import { describe, expect, it } from 'vitest';
import { readSafetensors, type SafeTensor, writeSafetensors } from './safetensors.ts';

const tensors = new Map<string, SafeTensor>([
  ['half', { dtype: 'F16', shape: [3], data: Float32Array.of(1.5, -0.25, 65504) }],
  ['single', { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, 2, 3, 0.1) }],
  ['double', { dtype: 'F64', shape: [1], data: Float64Array.of(Math.PI) }],
  ['long', { dtype: 'I64', shape: [2], data: BigInt64Array.of(-1n, 2n ** 60n) }],
  ['byte', { dtype: 'U8', shape: [0], data: new Uint8Array() }],
]);

describe('readSafetensors', () => {
  it('reads what writeSafetensors wrote, from a Buffer too', () => {
    const bytes = writeSafetensors(tensors, { made: 'here' });
    for (const source of [bytes, Buffer.concat([Buffer.from('x'), bytes]).subarray(1)]) {
      const file = readSafetensors(source, 'a.safetensors');
      expect(file.metadata).toEqual({ made: 'here' });
      expect([...file.tensors]).toEqual([...tensors]);
    }
  });

  const withHeader = (header: unknown, values = 8) => {
    const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    return new Uint8Array(Buffer.concat([length, text, Buffer.alloc(values)]));
  };
  const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
  it.each([
    ['too short', new Uint8Array(3)],
    ['header beyond the end', withHeader({ a: entry }).subarray(0, 20)],
    ['no JSON', withHeader('{"a":')],
    ['a list', withHeader([])],
    ['unknown dtype', withHeader({ a: { ...entry, dtype: 'BF16' } })],
    ['inherited dtype', withHeader({ a: { ...entry, dtype: 'toString' } })],
    ['negative size', withHeader({ a: { ...entry, shape: [-2] } })],
    ['size and range disagree', withHeader({ a: { ...entry, shape: [3] } })],
    ['truncated values', withHeader({ a: entry }, 7)],
    ['backward range', withHeader({ a: { ...entry, shape: [0], data_offsets: [8, 0] } })],
    ['overlap', withHeader({ a: entry, b: { ...entry, shape: [1], data_offsets: [4, 8] } })],
  ])('refuses a file with %s', (_, bytes) => {
    expect(() => readSafetensors(bytes, 'b.safetensors')).toThrow(DomainError);
    expect(() => readSafetensors(bytes, 'b.safetensors')).toThrow('"b.safetensors"');
  });
});
