/** @file The bank of a model that was exported: its constants are found by type and shape, levels of one shape in their order. */
import { DomainError, NORM_ROWS } from '@plumbline/contracts';
import {
  DATA_TYPE,
  decodeModelProto,
  fromTensorProto,
  type TensorProto,
} from '../../onnx/index.ts';
import type { HalfTable } from '../../trace/index.ts';
import type { Projection } from '../principal-components.ts';
import type { RetrievalPlan } from './plan.ts';
import type { PatchBank } from './score.ts';
import { storedRows, withScaleRows } from './stored-patches.ts';

/**
 * @param model `model.onnx`, or a method's graph.
 * @throws DomainError CONFLICT where it has no bank of that plan.
 */
export function readBank(
  model: Uint8Array,
  plan: RetrievalPlan,
  projections: readonly (Projection | null)[],
): PatchBank {
  const { initializer } = decodeModelProto(model).graph;
  const tables = initializer.filter(
    ({ data_type, dims }) => data_type === DATA_TYPE.float16 && dims.length === 3,
  );
  const levels = plan.levels.map((level, index) => {
    const whole = takeTable(tables, storedRows(plan, level), level);
    if (whole !== null) return whole;
    // As they were stored before: scales in a table of their own.
    const plain = takeTable(tables, level.stored + NORM_ROWS, level) ?? missing();
    return withScaleRows(plain, scalesOf(tables, plan, index));
  });
  const images = levels[0]?.shape[0] ?? 0;
  const size = plan.descriptorSize;
  const stored =
    initializer.find(
      ({ data_type, dims }) =>
        data_type === DATA_TYPE.float32 && dims.map(Number).join() === [1, size, images].join(),
    ) ?? missing();
  const columns = fromTensorProto(stored).data as Float32Array; // [E, M]
  const descriptors = new Float32Array(columns.length); // [M, E]
  for (let image = 0; image < images; image++)
    for (let e = 0; e < size; e++)
      descriptors[image * size + e] = columns[e * images + image] as number;
  return {
    ...{ images, descriptors },
    levels: levels.map((patches, level) => ({
      ...{ patches, projection: projections[level] ?? null },
    })),
  };
}

/** @returns The first of that shape, no longer among the tables; null where there is none. */
function takeTable(
  tables: TensorProto[],
  rows: number,
  { grid }: RetrievalPlan['levels'][number],
): HalfTable | null {
  const at = tables.findIndex(
    ({ dims: [, height, width] }) => Number(height) === rows && Number(width) === grid ** 2,
  );
  const [found] = at === -1 ? [] : tables.splice(at, 1);
  return found === undefined ? null : toTable(found);
}

/** Levels with equal grids have theirs in their order; what is the same for two is in the file once. */
function scalesOf(tables: TensorProto[], { levels }: RetrievalPlan, level: number): HalfTable {
  const grid = levels[level]?.grid ?? 0;
  const found = tables.filter(
    ({ dims: [, rows, patches] }) => Number(rows) === 1 && Number(patches) === grid ** 2,
  );
  const before = levels.slice(0, level).filter((other) => other.grid === grid).length;
  return toTable(found[before] ?? found.at(-1) ?? missing());
}

function toTable({ dims, raw_data = new Uint8Array() }: TensorProto): HalfTable {
  // A copy, so that it is aligned whatever its place in the file.
  return { shape: dims.map(Number), halves: new Uint16Array(Uint8Array.from(raw_data).buffer) };
}

function missing(): never {
  throw new DomainError('CONFLICT', 'The model has no bank that images can be added to.', {
    field: 'version',
    fix: 'Train again, with the images in the dataset.',
  });
}
