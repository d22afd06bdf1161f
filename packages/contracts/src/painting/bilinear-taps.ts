/** @file Bilinear upsampling with half-pixel centers. */

/** Of each pixel along one axis: the two map cells that it lies between. */
interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Weight of the second. */
  readonly fraction: Float64Array;
}

function bilinearTaps(size: number, sourceSize: number): Taps {
  const taps = {
    first: new Int32Array(size),
    second: new Int32Array(size),
    fraction: new Float64Array(size),
  };
  for (let i = 0; i < size; i++) {
    const place = Math.min(sourceSize - 1, Math.max(0, ((i + 0.5) * sourceSize) / size - 0.5));
    const first = Math.floor(place);
    taps.first[i] = first;
    taps.second[i] = Math.min(sourceSize - 1, first + 1);
    taps.fraction[i] = place - first;
  }
  return taps;
}

export interface GridValues {
  /** height × width, row-major. */
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

/** @returns The value at a pixel of a picture of this size that the grid is stretched over. */
export function bilinearSampler(
  { values, height, width }: GridValues,
  size: { readonly width: number; readonly height: number },
): (x: number, y: number) => number {
  const columns = bilinearTaps(size.width, width);
  const rows = bilinearTaps(size.height, height);
  return (x, y) => {
    const above = rows.first[y]! * width;
    const below = rows.second[y]! * width;
    const fy = rows.fraction[y]!;
    const left = columns.first[x]!;
    const right = columns.second[x]!;
    const fx = columns.fraction[x]!;
    const top = values[above + left]! * (1 - fx) + values[above + right]! * fx;
    const bottom = values[below + left]! * (1 - fx) + values[below + right]! * fx;
    return top * (1 - fy) + bottom * fy;
  };
}
