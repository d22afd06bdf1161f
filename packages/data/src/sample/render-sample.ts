/** @file Renders one sample: an antialiased scene under its own light, and the exact mask of its defect. */
import { createRandom, type Random } from './random.ts';
import { type Defect, type SampleCategory, type Shader, SIDE } from './scene.ts';

/** Pixels of a scene's unit, and the places of a pixel that are sampled: few, as outlines are soft over a unit. */
export interface Resolution {
  readonly scale: 1 | 2;
  readonly rays: readonly number[];
  /** Share of the image that a mask covers at least. */
  readonly minCoverage: number;
}
export const COARSE: Resolution = { scale: 1, rays: [0.25, 0.75], minCoverage: 0.002 };
/** 256 × 256 pixels, and defects down to 52 of them. */
export const FINE: Resolution = { scale: 2, rays: [0.5], minCoverage: 0.0008 };
/** A pixel belongs to the defect if it changes any channel by more than this (of 1), well above sensor noise. */
const VISIBLE_CHANGE = 0.04;
const SENSOR_NOISE = 0.011;
/** Share of the image that a mask covers at most. */
export const MAX_COVERAGE = 0.15;
const MAX_ATTEMPTS = 50;

export interface RenderedSample {
  /** Width and height, pixels. */
  readonly side: number;
  /** RGB, side × side × 3, 0 to 255. */
  readonly image: Uint8Array;
  /** 0 or 255, side × side; null for a normal sample. */
  readonly mask: Uint8Array | null;
}

/** @param key Names the image; the same key gives the same bytes. */
export function renderSample(
  category: SampleCategory,
  defectType: string | null,
  key: readonly (string | number)[],
  resolution = COARSE,
): RenderedSample {
  const side = SIDE * resolution.scale;
  const light = createLight(createRandom(...key, 'light'));
  const paint = (defect: Defect | null): Float32Array => {
    const shader = category.paint(createRandom(...key, 'natural'), defect);
    return applyLight(renderScene(shader, resolution), side, light);
  };
  const noise = createRandom(...key, 'noise');
  const normal = paint(null);
  if (defectType === null) return { side, image: toBytes(normal, noise), mask: null };
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const random = createRandom(...key, 'defect', attempt);
    const anomalous = paint({ type: defectType, random });
    const mask = differenceMask(normal, anomalous, side);
    const coverage = mask.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0) / mask.length;
    if (coverage >= resolution.minCoverage && coverage <= MAX_COVERAGE) {
      return { side, image: toBytes(anomalous, noise), mask };
    }
  }
  throw new Error(`${category.name}/${defectType} never covered a fitting part of the image`);
}

function renderScene(shader: Shader, { scale, rays }: Resolution): Float32Array {
  const side = SIDE * scale;
  const scene = new Float32Array(side * side * 3);
  const color = new Float64Array(3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = (y * side + x) * 3;
      for (const offset of rays) {
        shader((x + offset) / scale, (y + offset) / scale, color);
        for (let c = 0; c < 3; c++) {
          scene[at + c]! += Math.min(1, Math.max(0, color[c]!)) / rays.length;
        }
      }
    }
  }
  return scene;
}

interface Light {
  readonly gains: readonly [number, number, number];
  readonly slopeX: number;
  readonly slopeY: number;
  readonly vignette: number;
}

function createLight(random: Random): Light {
  const gain = random.range(0.84, 1.1);
  const warmth = random.range(-0.03, 0.03);
  return {
    gains: [gain * (1 + warmth), gain, gain * (1 - warmth)],
    slopeX: random.range(-0.08, 0.08),
    slopeY: random.range(-0.08, 0.08),
    vignette: random.range(0.04, 0.14),
  };
}

function applyLight(scene: Float32Array, side: number, light: Light): Float32Array {
  for (let y = 0; y < side; y++) {
    const dy = (2 * y) / (side - 1) - 1;
    for (let x = 0; x < side; x++) {
      const dx = (2 * x) / (side - 1) - 1;
      const level =
        1 + light.slopeX * dx + light.slopeY * dy - light.vignette * 0.5 * (dx * dx + dy * dy);
      const at = (y * side + x) * 3;
      for (let c = 0; c < 3; c++) scene[at + c]! *= level * light.gains[c]!;
    }
  }
  return scene;
}

/** Sensor noise, then 8 bits. */
function toBytes(scene: Float32Array, random: Random): Uint8Array {
  const bytes = new Uint8Array(scene.length);
  for (let i = 0; i < scene.length; i++) {
    const value = scene[i]! + SENSOR_NOISE * random.normal();
    bytes[i] = Math.round(255 * Math.min(1, Math.max(0, value)));
  }
  return bytes;
}

/** 255 where the defect is visible; pinholes where it happens to match the scene are closed. */
function differenceMask(normal: Float32Array, anomalous: Float32Array, side: number): Uint8Array {
  const changed = new Uint8Array(side * side);
  for (let i = 0; i < changed.length; i++) {
    for (let c = 0; c < 3; c++) {
      const change = Math.abs(anomalous[i * 3 + c]! - normal[i * 3 + c]!);
      if (change > VISIBLE_CHANGE) changed[i] = 255;
    }
  }
  return extremum(extremum(changed, side, 255), side, 0);
}

/** 3 × 3 dilation (`wins` 255) or erosion (`wins` 0). */
function extremum(mask: Uint8Array, side: number, wins: number): Uint8Array {
  const result = new Uint8Array(mask.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let found = false;
      for (let k = 0; k < 9; k++) {
        const nx = x + (k % 3) - 1;
        const ny = y + Math.floor(k / 3) - 1;
        if (nx >= 0 && ny >= 0 && nx < side && ny < side && mask[ny * side + nx] === wins)
          found = true;
      }
      result[y * side + x] = found ? wins : 255 - wins;
    }
  }
  return result;
}
