/** @file Numbers to IEEE 754 binary16 and back: weights, features and descriptors are stored in it. */

const LARGEST_ROUNDED_DOWN = 65520;

/** Bits of the half nearest to a number, ties to even; beyond 65504 infinity. */
export function floatToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (magnitude >= LARGEST_ROUNDED_DOWN) return sign | 0x7c00;
  // Subnormal halves share the step of the smallest exponent; carries run over into the exponent by themselves.
  const exponent = Math.max(-14, Math.floor(Math.log2(magnitude)));
  const steps = roundToEven(magnitude / 2 ** (exponent - 10));
  return sign | (steps + ((exponent + 14) << 10));
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** The number that a half stands for. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** All halves as numbers: a look-up is many times as fast as the conversion. */
export const HALF_TO_FLOAT = new Float32Array(0x10000).map((_, half) => halfToFloat(half));

/** The numbers that many halves stand for. */
export function toFloats(halves: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(halves.length);
  for (let i = 0; i < values.length; i++) values[i] = HALF_TO_FLOAT[halves[i]!]!;
  return values;
}

const LARGEST_NORMAL_BITS = 0x47800000; // 65536
const SMALLEST_NORMAL_BITS = 0x38800000; // 2⁻¹⁴
const INFINITY_BITS = 0x7f800000;

/** The halves nearest to many numbers, as `floatToHalf`: by the bits of float32, ten times as fast. */
export function toHalves(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  const number = new Float32Array(1);
  const bits = new Uint32Array(number.buffer);
  for (let i = 0; i < values.length; i++) {
    number[0] = values[i]!;
    const sign = (bits[0]! >>> 16) & 0x8000;
    const magnitude = bits[0]! & 0x7fffffff;
    if (magnitude >= LARGEST_NORMAL_BITS) {
      halves[i] = magnitude > INFINITY_BITS ? 0x7e00 : sign | 0x7c00;
    } else if (magnitude < SMALLEST_NORMAL_BITS) {
      // Beside ½ the last bit of a float32 is that of a subnormal half: the addition rounds.
      bits[0] = magnitude;
      number[0]! += 0.5;
      halves[i] = sign | (bits[0]! - 0x3f000000);
    } else {
      // The exponent's bias goes from 127 to 15; 0xfff and the last kept bit round ties to even.
      halves[i] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
    }
  }
  return halves;
}
