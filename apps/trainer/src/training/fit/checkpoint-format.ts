/**
 * @file A checkpoint as bytes: SHA-256 of the rest, `PLCK`, u32 format, u32 length of the header, the header (JSON), then
 * the tensors as it lists them, f32. Little-endian. Nothing is copied on the way to the file.
 */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import type { FitState } from '@plumbline/model';

export interface SavedFit {
  readonly state: FitState;
  /** That all attempts had taken. */
  readonly seconds: number;
}

const MAGIC = Buffer.from('PLCK');
/** Changes with the shape of what is saved, and with what it was computed from. */
const FORMAT = 4;
const HASH_BYTES = 32;
const PREFIX_BYTES = MAGIC.length + 8;

interface Header extends Omit<FitState, 'tensors'>, Pick<SavedFit, 'seconds'> {
  /** Name and numbers. */
  readonly tensors: readonly (readonly [string, number])[];
}

/** @returns The parts of the file, the tensors as views of the state's. */
export function encodeCheckpoint({ state, seconds }: SavedFit): Uint8Array[] {
  const { tensors, ...facts } = state;
  const named = Object.entries(tensors);
  const listed = named.map(([name, values]) => [name, values.length] as const);
  const described: Header = { ...facts, seconds, tensors: listed };
  const header = Buffer.from(JSON.stringify(described));
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(FORMAT, MAGIC.length);
  prefix.writeUInt32LE(header.length, MAGIC.length + 4);
  const parts = [prefix, header, ...named.map(([, values]) => bytesOf(values))];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return [hash.digest(), ...parts];
}

/** @returns Null for what is damaged, `otherVersion` for what is whole and not of this format. */
export function decodeCheckpoint(file: Uint8Array): SavedFit | 'otherVersion' | null {
  const body = Buffer.from(file.buffer, file.byteOffset, file.byteLength).subarray(HASH_BYTES);
  const digest = createHash('sha256').update(body).digest();
  if (!digest.equals(file.subarray(0, HASH_BYTES))) return null;
  if (body.length < PREFIX_BYTES || !body.subarray(0, MAGIC.length).equals(MAGIC))
    return 'otherVersion';
  if (body.readUInt32LE(MAGIC.length) !== FORMAT) return 'otherVersion';
  const valuesStart = PREFIX_BYTES + body.readUInt32LE(MAGIC.length + 4);
  // Of this format, and with the right hash: it is what was written.
  const header = JSON.parse(body.subarray(PREFIX_BYTES, valuesStart).toString()) as Header;
  const { seconds, tensors: listed, ...facts } = header;
  let from = valuesStart;
  const tensors = listed.map(([name, count]) => {
    const values = new Float32Array(count);
    bytesOf(values).set(body.subarray(from, from + values.byteLength));
    from += values.byteLength;
    return [name, values] as const;
  });
  return { state: { ...facts, tensors: Object.fromEntries(tensors) }, seconds };
}

function bytesOf(values: Float32Array): Uint8Array {
  if (endianness() !== 'LE') throw new Error('Checkpoints are written on little-endian machines.');
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
