/** @file Arithmetic of 8-bit quantization (Jacob et al. 2018, https://arxiv.org/abs/1712.05877): x ≈ scale · (q − zero). */

/** How a tensor of activations is stored in uint8. */
export interface AffineRange {
  readonly scale: number;
  /** 0 to 255: what stands for 0, which is exact. */
  readonly zero: number;
}

/**
 * −64 to 64: the kernels of x86 without VNNI add two products of uint8 and int8 in 16 bits, and 2 · 255 · 64 is the most
 * that fits. Every machine then gives the same sums.
 */
const LARGEST_WEIGHT = 64;

/** The range of values from `least` to `largest`, widened to hold 0. */
export function affineRange(least: number, largest: number): AffineRange {
  const [low, high] = [Math.min(0, least), Math.max(0, largest)];
  const scale = Math.fround((high - low) / 255);
  if (scale === 0) return { scale: 1, zero: 0 };
  return { scale, zero: Math.min(255, Math.max(0, roundHalfEven(-low / scale))) };
}

export interface QuantizedWeights {
  /** As long as the weights. */
  readonly values: Int8Array;
  /** One an output channel. */
  readonly scales: Float32Array;
}

/** Symmetric, each output channel by its largest weight. @param weights f32 `[channels, …]`. */
export function quantizeWeights(weights: Float32Array, channels: number): QuantizedWeights {
  const each = weights.length / channels;
  const values = new Int8Array(weights.length);
  const scales = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const of = weights.subarray(channel * each, (channel + 1) * each);
    const largest = of.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    const scale = Math.fround(largest / LARGEST_WEIGHT) || 1;
    scales[channel] = scale;
    for (const [i, weight] of of.entries())
      values[channel * each + i] = Math.max(
        -LARGEST_WEIGHT,
        Math.min(LARGEST_WEIGHT, roundHalfEven(weight / scale)),
      );
  }
  return { values, scales };
}

/** In units of the products' scales: int32, as a convolution adds it up. */
export function quantizeBias(bias: Float32Array, inputScale: number, scales: Float32Array) {
  return Int32Array.from(bias, (value, channel) =>
    roundHalfEven(value / Math.fround(inputScale * (scales[channel] as number))),
  );
}

/** As ONNX rounds. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
