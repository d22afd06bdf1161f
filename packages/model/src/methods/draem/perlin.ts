/** @file Perlin noise (Perlin 2002), and pictures turned about their middle. S pixels a side. */
import type { RandomStream } from '../../nn/random.ts';

/** Its place in its cell along one side, and the cell. */
interface Place {
  readonly cell: number;
  readonly offset: number;
  /** 6t⁵ − 15t⁴ + 10t³. */
  readonly fade: number;
}

/**
 * @param rows Cells along the height, a divisor of the side; as `columns` along the width.
 * @returns f32 `[S, S]`, from −1 to 1.
 */
export function perlinNoise(
  random: RandomStream,
  side: number,
  rows: number,
  columns: number,
): Float32Array {
  const across = columns + 1;
  const angles = Float64Array.from(
    { length: (rows + 1) * across },
    () => 2 * Math.PI * random.nextUniform(),
  );
  const [down, right] = [angles.map(Math.cos), angles.map(Math.sin)];
  const xs = placesOf(side, columns);
  const noise = new Float32Array(side ** 2);
  for (const [row, y] of placesOf(side, rows).entries())
    for (const [column, x] of xs.entries()) {
      const corner = y.cell * across + x.cell;
      const ramp = (at: number, dy: number, dx: number) =>
        (y.offset - dy) * down[at]! + (x.offset - dx) * right[at]!;
      const left = mixed(ramp(corner, 0, 0), ramp(corner + across, 1, 0), y.fade);
      const next = mixed(ramp(corner + 1, 0, 1), ramp(corner + across + 1, 1, 1), y.fade);
      noise[row * side + column] = Math.SQRT2 * mixed(left, next, x.fade);
    }
  return noise;
}

function placesOf(side: number, cells: number): Place[] {
  return Array.from({ length: side }, (_, at) => {
    const position = (at * cells) / side;
    const cell = Math.floor(position);
    const t = position - cell;
    return { cell, offset: t, fade: t ** 3 * (t * (6 * t - 15) + 10) };
  });
}

function mixed(from: number, to: number, share: number): number {
  return from + (to - from) * share;
}

/**
 * Turned about its middle, between pixels bilinearly; 0 where nothing was.
 * @param picture f32 `[S, S, channels]`.
 * @param degrees Clockwise.
 */
export function turned(
  picture: Float32Array,
  side: number,
  channels: number,
  degrees: number,
): Float32Array {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const middle = (side - 1) / 2;
  const result = new Float32Array(picture.length);
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++) {
      const dy = row - middle;
      const dx = column - middle;
      const y = cos * dy - sin * dx + middle;
      const x = sin * dy + cos * dx + middle;
      for (let corner = 0; corner < 4; corner++) {
        const r = Math.floor(y) + (corner >> 1);
        const c = Math.floor(x) + (corner & 1);
        if (r < 0 || c < 0 || r >= side || c >= side) continue;
        const weight = (1 - Math.abs(y - r)) * (1 - Math.abs(x - c));
        for (let channel = 0; channel < channels; channel++)
          result[(row * side + column) * channels + channel]! +=
            weight * picture[(r * side + c) * channels + channel]!;
      }
    }
  return result;
}
