/** @file The maps of an image's tiles as one map: where neighbors overlap, one fades into the other. */
import { mapSize, type Preprocessing, tileGrid } from '@plumbline/contracts';
import type { GraphBuilder } from '../onnx/graph-builder.ts';
import { float32, int64 } from '../onnx/tensor.ts';

/**
 * What each pixel of a tile counts for, along one axis: 1, and where it has a neighbor linear ramps, which sum to one with
 * the neighbor's.
 * @param place Of the tile among `count` along the axis.
 * @returns f64 `[sizePx]`, above 0.
 */
export function blendingWeights(
  place: number,
  {
    count,
    sizePx,
    overlapPx,
  }: { readonly count: number; readonly sizePx: number; readonly overlapPx: number },
): Float64Array {
  return Float64Array.from({ length: sizePx }, (_, i) => {
    const rising = place > 0 && i < overlapPx ? (i + 0.5) / overlapPx : 1;
    const left = sizePx - 1 - i;
    const falling = place < count - 1 && left < overlapPx ? (left + 0.5) / overlapPx : 1;
    return rising * falling;
  });
}

/**
 * @param maps f32 `[N·T, 1, S, S]` or `[N, T, 1, S, S]`, the tiles of an image together, row by row.
 * @returns f32 `[N, 1, height, width]`.
 */
export function addBlending(
  builder: GraphBuilder,
  maps: string,
  preprocessing: Pick<Preprocessing, 'imageSizePx' | 'tiles'>,
): string {
  const { imageSizePx: sizePx } = preprocessing;
  const { rows, columns } = tileGrid(preprocessing);
  const { width } = mapSize(preprocessing);
  const inRows = builder.op('Reshape', [
    maps,
    builder.constant(int64([-1, columns, sizePx, sizePx])),
  ]);
  const wide = addJoined(builder, inRows, { axis: 3, count: columns, preprocessing });
  const strips = builder.op('Reshape', [wide, builder.constant(int64([-1, rows, sizePx, width]))]);
  return addJoined(builder, strips, { axis: 2, count: rows, preprocessing });
}

interface Joining {
  /** 2: one below the other; 3: side by side. */
  readonly axis: 2 | 3;
  readonly count: number;
  readonly preprocessing: Pick<Preprocessing, 'imageSizePx' | 'tiles'>;
}

/** @param pieces f32 `[N, count, h, w]`. @returns f32 `[N, 1, …]`, longer along the axis. */
function addJoined(
  builder: GraphBuilder,
  pieces: string,
  { axis, count, preprocessing }: Joining,
): string {
  if (count === 1) return pieces;
  const { imageSizePx: sizePx } = preprocessing;
  const { overlapPx } = tileGrid(preprocessing);
  const size = mapSize(preprocessing);
  const whole = axis === 2 ? size.height : size.width;
  const apart = builder.node(
    'Split',
    [pieces],
    { axis: { i: 1 }, num_outputs: { i: count } },
    count,
  );
  const placed = apart.map((piece, place) => {
    const weights = blendingWeights(place, { count, sizePx, overlapPx });
    const shape = axis === 2 ? [1, 1, sizePx, 1] : [1, 1, 1, sizePx];
    const weighted = builder.op('Mul', [piece, builder.constant(float32(shape, weights))]);
    const before = place * (sizePx - overlapPx);
    const pads = [before, whole - sizePx - before];
    const inputs = [int64(pads), float32([], [0]), int64([axis])].map((one) =>
      builder.constant(one),
    );
    return builder.op('Pad', [weighted, ...inputs]);
  });
  return builder.op('Sum', placed);
}
