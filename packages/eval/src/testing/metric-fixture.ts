/** @file Reads the reference fixtures: maps and masks in safetensors, expected metrics of scikit-learn and numpy. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ExpectedMetrics {
  readonly image_auroc: number;
  readonly image_ap: number;
  readonly image_f1max: number;
  readonly image_f1max_threshold: number;
  readonly pixel_auroc: number;
  readonly pixel_ap: number;
  readonly pixel_f1max: number;
  readonly pixel_f1max_threshold: number;
  readonly 'aupro_0.3': number;
  readonly 'aupro_0.05': number;
  readonly regions: number;
}

export interface MetricFixture {
  readonly height: number;
  readonly width: number;
  readonly imageScores: Float32Array;
  readonly imageLabels: Uint8Array;
  readonly maps: readonly Float32Array[];
  readonly masks: readonly Uint8Array[];
  readonly expected: ExpectedMetrics;
}

interface FixtureEntry {
  readonly n: number;
  readonly shape: readonly [number, number];
  readonly expected: ExpectedMetrics;
}

interface TensorEntry {
  readonly dtype: 'F32' | 'U8';
  readonly data_offsets: readonly [number, number];
}

const folder = join(import.meta.dirname, '..', 'fixtures');
const entries = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  FixtureEntry
>;

export const FIXTURE_NAMES = Object.keys(entries);

/** Safetensors: u64 header length, JSON header, then the tensors' bytes. */
export function readMetricFixture(name: string): MetricFixture {
  const entry = entries[name];
  if (!entry) throw new Error(`No fixture ${name} in ${folder}`);
  const file = readFileSync(join(folder, `${name}.safetensors`));
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, start)) as Record<string, TensorEntry>;
  const bytesOf = (tensor: string): Uint8Array => {
    const found = header[tensor];
    if (!found) throw new Error(`No tensor ${tensor} in ${name}.safetensors`);
    const [from, to] = found.data_offsets;
    return Uint8Array.from(file.subarray(start + from, start + to)); // copied: aligned for float32
  };
  const [height, width] = entry.shape;
  const pixels = height * width;
  const allMaps = new Float32Array(bytesOf('maps').buffer);
  const allMasks = bytesOf('masks');
  const images = Array.from({ length: entry.n }, (_, index) => index);
  return {
    height,
    width,
    imageScores: new Float32Array(bytesOf('image_scores').buffer),
    imageLabels: bytesOf('image_labels'),
    maps: images.map((index) => allMaps.subarray(index * pixels, (index + 1) * pixels)),
    masks: images.map((index) => allMasks.subarray(index * pixels, (index + 1) * pixels)),
    expected: entry.expected,
  };
}
