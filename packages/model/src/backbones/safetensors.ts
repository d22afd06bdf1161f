/**
 * @file The safetensors file format (https://huggingface.co/docs/safetensors): eight bytes of header length, a JSON
 * header of dtypes, shapes and byte ranges, then the values, little-endian.
 */
import { DomainError, toFloats, toHalves } from '@plumbline/contracts';

export type SafeDtype = 'F16' | 'F32' | 'F64' | 'I32' | 'I64' | 'U8' | 'BOOL';
export type SafeArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

export interface SafeTensor {
  /** As stored; values of `F16` are held as float32. */
  readonly dtype: SafeDtype;
  readonly shape: readonly number[];
  readonly data: SafeArray;
}

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: ReadonlyMap<string, SafeTensor>;
}

interface HeaderEntry {
  readonly dtype: SafeDtype;
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

const ITEM_BYTES: Readonly<Record<SafeDtype, number>> = {
  F16: 2,
  F32: 4,
  F64: 8,
  I32: 4,
  I64: 8,
  U8: 1,
  BOOL: 1,
};
const MAX_HEADER_BYTES = 100_000_000;

/** Where a file holds what. */
export interface SafetensorsLayout {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  /** Where the values start in the file. */
  readonly valuesStart: number;
}

export interface SafetensorsEntry {
  readonly dtype: SafeDtype;
  readonly shape: readonly number[];
  /** Byte range in the file. */
  readonly start: number;
  readonly end: number;
}

/** Bytes of the length that a file starts with. */
export const SAFETENSORS_PREFIX_BYTES = 8;

/**
 * Reads every tensor of a file.
 * @param file Its name, for messages.
 * @throws DomainError when the header or a byte range is broken.
 */
export function readSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const headerBytes = readHeaderLength(bytes, bytes.length, file);
  const header = bytes.subarray(SAFETENSORS_PREFIX_BYTES, SAFETENSORS_PREFIX_BYTES + headerBytes);
  const { metadata, entries } = readLayout(header, bytes.length, file);
  // Not `subarray`: the slice of a Buffer would share its memory.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const tensors = new Map<string, SafeTensor>();
  for (const [name, { dtype, shape, start, end }] of entries) {
    tensors.set(name, { dtype, shape, data: decodeValues(dtype, plain.slice(start, end)) });
  }
  return { metadata, tensors };
}

/**
 * Bytes of the JSON header.
 * @param prefix The file's first eight bytes, or more.
 * @throws DomainError when there is no such header in a file of `fileBytes`.
 */
export function readHeaderLength(prefix: Uint8Array, fileBytes: number, file: string): number {
  if (prefix.length < SAFETENSORS_PREFIX_BYTES) {
    throw brokenFile(file, 'it is shorter than a header');
  }
  const length = Number(new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true));
  if (length > MAX_HEADER_BYTES || SAFETENSORS_PREFIX_BYTES + length > fileBytes) {
    throw brokenFile(file, 'the header is longer than the file');
  }
  return length;
}

/**
 * What a header says, checked against the size of its file.
 * @throws DomainError when an entry or a byte range is broken, or a part of the file is missing.
 */
export function readLayout(
  headerBytes: Uint8Array,
  fileBytes: number,
  file: string,
): SafetensorsLayout {
  const broken = (what: string) => brokenFile(file, what);
  const header = parseHeader(headerBytes);
  if (header === null) throw broken('the header is not JSON');
  const valuesStart = SAFETENSORS_PREFIX_BYTES + headerBytes.length;
  const entries = new Map<string, SafetensorsEntry>();
  let metadata: Record<string, string> = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') {
      metadata = entry as Record<string, string>;
      continue;
    }
    if (!isHeaderEntry(entry)) throw broken(`the header entry of "${name}" is malformed`);
    const { dtype, shape } = entry;
    const [start, end] = entry.data_offsets.map((offset) => valuesStart + offset) as [
      number,
      number,
    ];
    const count = shape.reduce((product, size) => product * size, 1);
    if (end > fileBytes) throw broken(`the values of "${name}" end after the file`);
    if (end - start !== count * ITEM_BYTES[dtype]) {
      throw broken(`"${name}" has another size than its shape says`);
    }
    entries.set(name, { dtype, shape, start, end });
  }
  const ranges = [...entries.values()].sort((a, b) => a.start - b.start || a.end - b.end);
  for (const [i, { end }] of ranges.entries()) {
    if (end > (ranges[i + 1]?.start ?? fileBytes)) throw broken('values overlap');
  }
  return { metadata, entries, valuesStart };
}

function brokenFile(file: string, what: string): DomainError {
  return new DomainError(
    'INVALID_INPUT',
    `"${file}" is not a readable safetensors file: ${what}.`,
    {
      fix: 'Copy or download the file again.',
      file,
    },
  );
}

/** File bytes with the tensors in the order given; values of `F16` are rounded to the nearest half. */
export function writeSafetensors(
  tensors: ReadonlyMap<string, SafeTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, tensor] of tensors) {
    const part = encode(tensor);
    header[name] = {
      dtype: tensor.dtype,
      shape: tensor.shape,
      data_offsets: [offset, offset + part.length],
    };
    parts.push(part);
    offset += part.length;
  }
  const text = JSON.stringify(header);
  // Spaces up to a multiple of 8, so that values start aligned.
  const head = Buffer.from(text.padEnd(text.length + ((8 - (Buffer.byteLength(text) % 8)) % 8)));
  const prefix = Buffer.alloc(8);
  prefix.writeBigUInt64LE(BigInt(head.length));
  return new Uint8Array(Buffer.concat([prefix, head, ...parts]));
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof header !== 'object' || header === null || Array.isArray(header)) return null;
    return header as Record<string, unknown>;
  } catch {
    return null;
  }
}

function isHeaderEntry(value: unknown): value is HeaderEntry {
  if (typeof value !== 'object' || value === null) return false;
  const { dtype, shape, data_offsets: offsets } = value as Record<string, unknown>;
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) >= 0;
  return (
    typeof dtype === 'string' &&
    Object.hasOwn(ITEM_BYTES, dtype) &&
    Array.isArray(shape) &&
    shape.every(isSize) &&
    Array.isArray(offsets) &&
    offsets.length === 2 &&
    offsets.every(isSize) &&
    offsets[0] <= offsets[1]
  );
}

/** Values of a byte range; those of `F16` as float32. */
export function decodeValues(dtype: SafeDtype, bytes: Uint8Array<ArrayBuffer>): SafeArray {
  if (dtype === 'F16') return toFloats(new Uint16Array(bytes.buffer));
  if (dtype === 'F32') return new Float32Array(bytes.buffer);
  if (dtype === 'F64') return new Float64Array(bytes.buffer);
  if (dtype === 'I32') return new Int32Array(bytes.buffer);
  if (dtype === 'I64') return new BigInt64Array(bytes.buffer);
  return bytes;
}

function encode({ dtype, data }: SafeTensor): Uint8Array {
  const stored = dtype === 'F16' ? toHalves(data as Float32Array) : data;
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}
