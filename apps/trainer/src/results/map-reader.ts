/** @file Maps of imported results at the evaluation's size: refused, or resized where that was asked for. */
import type { Hash } from 'node:crypto';
import {
  DomainError,
  type ImportResultsInput,
  type Protocol,
  type Sample,
} from '@plumbline/contracts';
import { type FloatMap, type ResultSet, resizeMapBilinear } from '@plumbline/data';

export interface MapReader {
  /** f32 `[size, size]`. @throws DomainError INVALID_INPUT naming the sample */
  read(row: number, sample: Sample): Promise<Float32Array>;
  /** The same without checks, of a row that was read before. */
  readAgain(row: number): Promise<Float32Array>;
  /** The lowest and highest pixel of all that was read. */
  range(): { low: number; high: number };
  /** What the maps were before they were resized; null when none was. */
  resized(): string | null;
}

/** @param digest takes the maps in, as they were imported */
export function mapReader(
  results: ResultSet,
  { name, evaluationSizePx: size }: Protocol,
  mapResize: ImportResultsInput['mapResize'],
  digest: Hash,
): MapReader {
  const sizes = new Set<string>();
  const range = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
  return {
    async read(row, sample) {
      const map = await results.readMap(row);
      assertFinite(map, sample);
      for (const value of map.data) {
        if (value < range.low) range.low = value;
        if (value > range.high) range.high = value;
      }
      digest.update(new Uint8Array(map.data.buffer, map.data.byteOffset, map.data.byteLength));
      if (map.height === size && map.width === size) return map.data;
      if (mapResize === 'refuse') {
        throw new DomainError(
          'INVALID_INPUT',
          `The map of ${sample.path} is ${map.height} × ${map.width}, but ${name} evaluates maps and masks at ${size} × ${size}.`,
          {
            file: sample.path,
            field: 'mapResize',
            fix: 'State the protocol of that size, have the maps resized bilinearly (--resize-maps bilinear on the command line), or export them at that size.',
          },
        );
      }
      sizes.add(`${map.height} × ${map.width} px`);
      return resizeMapBilinear(map, size, size).data;
    },
    readAgain: async (row) => resizeMapBilinear(await results.readMap(row), size, size).data,
    range: () => range,
    resized() {
      const [first] = sizes;
      if (first === undefined) return null;
      return sizes.size === 1 ? first : 'maps of several sizes';
    },
  };
}

function assertFinite({ data, width }: FloatMap, sample: Sample): void {
  const index = data.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return;
  throw new DomainError(
    'INVALID_INPUT',
    `The map of ${sample.path} is ${data[index]} at row ${Math.floor(index / width)}, column ${index % width}.`,
    { file: sample.path, fix: 'Score the image again: every pixel needs a finite score.' },
  );
}
