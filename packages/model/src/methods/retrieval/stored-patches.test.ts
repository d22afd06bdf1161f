/** @file What is stored of patches: its distances by the formula, scaled or not, and banks of earlier versions. */
import { halfToFloat, toHalves } from '@plumbline/contracts';
import { expect, it } from 'vitest';
import { GraphBuilder } from '../../onnx/graph-builder.ts';
import { float32 } from '../../onnx/index.ts';
import type { HalfTable } from '../../trace/index.ts';
import type { RetrievalPlan } from './plan.ts';
import { readBank } from './read-bank.ts';
import {
  emptyTable,
  NORM_UNIT,
  scaleStored,
  storedPatches,
  storePatches,
  withScaleRows,
} from './stored-patches.ts';

const [IMAGES, CHANNELS, PATCHES] = [3, 5, 4];
const level = { grid: 2, channels: CHANNELS, parts: 2, stored: CHANNELS, reach: null };
const plan: RetrievalPlan = {
  ...{ levels: [level], descriptorSize: 2, distance: 'scaled', images: 2 },
  ...{ localScale: 0.5, closeShare: 1 },
};
const patch = (image: number, p: number) =>
  Float32Array.from({ length: CHANNELS }, (_, d) => 9 * Math.sin(7.3 * image + 3.1 * p + d));
const scales: HalfTable = {
  shape: [IMAGES, 1, PATCHES],
  halves: toHalves(Float32Array.from({ length: IMAGES * PATCHES }, (_, i) => 0.5 + i / 9)),
};

function stored(by: RetrievalPlan): HalfTable {
  const table = emptyTable(IMAGES, by, level);
  for (let image = 0; image < IMAGES; image++) {
    const products = new Float32Array(CHANNELS * PATCHES);
    for (let p = 0; p < PATCHES; p++)
      for (const [d, value] of patch(image, p).entries()) products[d * PATCHES + p] = -2 * value;
    storePatches(table, image, products);
  }
  return table;
}

/** As the graph multiplies: x, twice the unit, and with scales ‖x‖². */
function distance({ shape, halves }: HalfTable, x: Float32Array, image: number, p: number) {
  const [, rows = 0] = shape;
  const norm = x.reduce((sum, value) => sum + value ** 2, 0);
  const isScaled = rows > CHANNELS + 2;
  const own = [...x, NORM_UNIT, NORM_UNIT, ...(isScaled ? [norm] : [])];
  const column = own.map((_, row) => halfToFloat(halves[(image * rows + row) * PATCHES + p]!));
  return own.reduce((sum, value, row) => sum + value * column[row]!, isScaled ? 0 : norm);
}

const x = Float32Array.from({ length: CHANNELS }, (_, d) => d - 2);
const plain = stored({ ...plan, localScale: 0 });
const scaled = stored(plan);
scaleStored(scaled, scales, 0);

it.each([0, 1, 2])('gives squared distances times the scales, image %i', (image) => {
  for (let p = 0; p < PATCHES; p++) {
    const expected = patch(image, p).reduce((sum, m, d) => sum + (m - x[d]!) ** 2, 0);
    const scale = halfToFloat(scales.halves[image * PATCHES + p]!);
    expect(distance(plain, x, image, p) / expected).toBeCloseTo(1, 2);
    expect(distance(scaled, x, image, p) / (scale * expected)).toBeCloseTo(1, 2);
    for (const table of [plain, scaled]) {
      const own = storedPatches(table, image, CHANNELS).slice(p * CHANNELS, (p + 1) * CHANNELS);
      expect(Math.abs(distance(table, own, image, p)) / expected).toBeLessThan(1e-5);
      for (const [d, value] of patch(image, p).entries())
        expect(Math.abs(own[d]! - value)).toBeLessThanOrEqual(1e-3 * Math.abs(value));
    }
  }
});

it('scales some images and leaves the others', () => {
  const table = stored(plan);
  const last = { shape: [1, 1, PATCHES], halves: scales.halves.slice(-PATCHES) };
  scaleStored(table, last, IMAGES - 1);
  const size = table.halves.length / IMAGES;
  expect(table.halves.slice(-size)).toEqual(scaled.halves.slice(-size));
  expect(table.halves.slice(0, -size)).toEqual(stored(plan).halves.slice(0, -size));
});

it('reads a bank with its scales, and one that has them in tables of their own', () => {
  expect(withScaleRows(plain, scales)).toEqual(scaled);
  const modelOf = (tables: readonly HalfTable[]) => {
    const builder = new GraphBuilder('bank');
    const columns = builder.constant(float32([1, 2, IMAGES], [1, 2, 3, 4, 5, 6]));
    builder.node('Identity', [columns], {}, ['descriptors']);
    builder.output('descriptors', 'float32', [1, 2, IMAGES]);
    for (const [at, { shape, halves }] of tables.entries()) {
      builder.node('Identity', [builder.halves(shape, halves)], {}, [`table${at}`]);
      builder.output(`table${at}`, 'float16', [...shape]);
    }
    return builder.build();
  };
  for (const tables of [[scaled], [plain, scales]]) {
    const bank = readBank(modelOf(tables), plan, [null]);
    expect(bank.levels).toEqual([{ patches: scaled, projection: null }]);
    expect([...bank.descriptors]).toEqual([1, 4, 2, 5, 3, 6]);
  }
  expect(() => readBank(modelOf([plain]), plan, [null])).toThrow('no bank');
});
