/** @file Bilinear upsampling with half-pixel centers. */

/** Of each pixel along one axis: the two map cells that it lies between. */
export interface Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  /** Weight of the second. */
  readonly fraction: Float64Array;
}

export function bilinearTaps(size: number, sourceSize: number): Taps {
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
