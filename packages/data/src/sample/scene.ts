/**
 * @file What a sample category is, and the small geometry its scenes are drawn with. All lengths are in units of the scene:
 * pixels of a small image, two pixels of a large one.
 */
import { createNoise } from './noise.ts';
import type { Random } from './random.ts';

/** Width and height of every scene, and of an image of the small dataset in pixels. */
export const SIDE = 128;

export type Color = readonly [number, number, number];

/** Writes the linear-ish color (0..1) at a point into `out`. */
export type Shader = (x: number, y: number, out: Float64Array) => void;

export interface Defect {
  readonly type: string;
  readonly random: Random;
}

export interface SampleCategory {
  readonly name: string;
  readonly defectTypes: readonly string[];
  /**
   * A scene. With the same `natural` numbers, the scenes with and without a defect differ in the defect alone:
   * that difference is the ground truth.
   */
  paint(natural: Random, defect: Defect | null): Shader;
}

/** 0 below `low`, 1 above `high`, smooth between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

export function mix(a: number, b: number, t: number): number {
  return a + (b - a) * t;
}

export function setColor(out: Float64Array, color: Color, gain = 1): void {
  out[0] = color[0] * gain;
  out[1] = color[1] * gain;
  out[2] = color[2] * gain;
}

/** Blends a color over what `out` holds. */
export function blendColor(out: Float64Array, color: Color, alpha: number, gain = 1): void {
  out[0] = mix(out[0]!, color[0] * gain, alpha);
  out[1] = mix(out[1]!, color[1] * gain, alpha);
  out[2] = mix(out[2]!, color[2] * gain, alpha);
}

export function scaleColor(out: Float64Array, gain: number): void {
  out[0]! *= gain;
  out[1]! *= gain;
  out[2]! *= gain;
}

/** A color of its own for one image: brightness and channels vary a little. */
export function vary(random: Random, color: Color, amount: number): Color {
  const brightness = 1 + amount * random.range(-1, 1);
  const channel = (value: number): number =>
    value * brightness * (1 + 0.4 * amount * random.range(-1, 1));
  return [channel(color[0]), channel(color[1]), channel(color[2])];
}

/** Coordinates of an object that was moved and turned. */
export interface Frame {
  /** Along the object. */
  u(x: number, y: number): number;
  /** Across the object. */
  v(x: number, y: number): number;
}

export function createFrame(centerX: number, centerY: number, angle: number): Frame {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return {
    u: (x, y) => (x - centerX) * cos + (y - centerY) * sin,
    v: (x, y) => (y - centerY) * cos - (x - centerX) * sin,
  };
}

/** Of an object that lies about the middle of the picture, moved by up to `shift` pixels and turned by up to `turn` radians. */
export function scatterFrame(random: Random, shift: number, turn: number): Frame {
  const centerX = 64 + random.range(-shift, shift);
  const centerY = 64 + random.range(-shift, shift);
  return createFrame(centerX, centerY, random.range(-turn, turn));
}

/** Half sides of a rectangle and the radius of its corners, in pixels. */
export interface RoundedBox {
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly corner: number;
}

/** Pixels from a point inside to the outline; negative outside. */
export function depthIntoBox(
  u: number,
  v: number,
  { halfWidth, halfHeight, corner }: RoundedBox,
): number {
  const beyondU = Math.abs(u) - (halfWidth - corner);
  const beyondV = Math.abs(v) - (halfHeight - corner);
  if (beyondU <= 0 || beyondV <= 0) return corner - Math.max(beyondU, beyondV);
  return corner - Math.sqrt(beyondU * beyondU + beyondV * beyondV);
}

/** How much a point belongs to something, 0..1. */
export type Weight = (x: number, y: number) => number;

/** An irregular blob: 1 inside, falling to 0 over `softness` pixels at its wavy outline. */
export function createBlob(
  random: Random,
  blob: { x: number; y: number; radius: number; softness: number },
): Weight {
  const noise = createNoise(random.integer(0, 2 ** 31));
  const stretch = random.range(0.75, 1.3);
  const frame = createFrame(blob.x, blob.y, random.range(0, Math.PI));
  return (x, y) => {
    const u = frame.u(x, y) * stretch;
    const v = frame.v(x, y) / stretch;
    const distance = Math.sqrt(u * u + v * v);
    if (distance > 2 * blob.radius) return 0;
    const edge =
      blob.radius * (1 + 0.28 * noise((3 * u) / blob.radius / 1.6, (3 * v) / blob.radius / 1.6));
    return 1 - smoothstep(edge - blob.softness, edge + blob.softness, distance);
  };
}

/** Signed distance to a line segment's axis: `across` is signed, `along` is 0..1 inside the segment. */
export function createStroke(stroke: { x: number; y: number; angle: number; length: number }): {
  along: Weight;
  across: Weight;
} {
  const frame = createFrame(stroke.x, stroke.y, stroke.angle);
  return { along: (x, y) => frame.u(x, y) / stroke.length + 0.5, across: frame.v };
}
