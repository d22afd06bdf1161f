/** @file The released network's tensors, for tests: `../shared/reference/rlr`, where it is there. */
import { existsSync, readFileSync } from 'node:fs';
import { type ParameterSpec, parameterSize, totalSize } from '../../nn/parameters.ts';
import type { BlockName, RlrNetworkConfig } from './config.ts';

const FOLDER = new URL('../../../../../../shared/reference/rlr/', import.meta.url);
export const available = existsSync(FOLDER);

export interface ReferenceCase {
  name: string;
  seq: number;
  C: number;
  d: number;
  layers: number;
  blocks: BlockName[];
  gate: RlrNetworkConfig['gate'];
  ref_len: number;
  ref_loss?: boolean;
  N: number;
  heads: number;
  lr: number;
  jitter_scale: number;
  losses: number[];
}

export const cases: ReferenceCase[] = available
  ? JSON.parse(readFileSync(new URL('cases.json', FOLDER), 'utf8'))
  : [];

export function readTensors(name: string): Record<string, Float32Array> {
  const bytes = readFileSync(new URL(`${name}.safetensors`, FOLDER));
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  const data = bytes.buffer.slice(
    bytes.byteOffset + 8 + headerLength,
    bytes.byteOffset + bytes.byteLength,
  );
  return Object.fromEntries(
    Object.entries(header)
      .filter(([, info]) => info.dtype === 'F32')
      .map(([key, info]) => [key, new Float32Array(data.slice(...info.data_offsets))]),
  );
}

export function pack(
  tensors: Record<string, Float32Array>,
  prefix: string,
  specs: readonly ParameterSpec[],
): Float32Array {
  const flat = new Float32Array(totalSize(specs));
  let offset = 0;
  for (const spec of specs) {
    const values = tensors[`${prefix}.${spec.name}`];
    if (values === undefined || values.length !== parameterSize(spec))
      throw new Error(`The reference lacks ${spec.name}.`);
    flat.set(values, offset);
    offset += values.length;
  }
  return flat;
}
