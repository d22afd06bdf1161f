/** @file The order of float32 numbers as the order of whole numbers (M. Herf, "Radix Tricks", 2001). */

const NEGATIVE_ZERO = -0x8000_0000;

/**
 * A signed 32-bit integer that orders as the float with these bits does: negative floats have all bits but the sign
 * inverted, and −0 counts as +0. Otherwise the function is its own inverse.
 */
export function orderedBits(bits: number): number {
  return bits === NEGATIVE_ZERO ? 0 : bits ^ ((bits >> 31) >>> 1);
}

/** The float's bits as signed integers, sharing its memory. */
export function bitsOf(scores: Float32Array): Int32Array {
  return new Int32Array(scores.buffer, scores.byteOffset, scores.length);
}
