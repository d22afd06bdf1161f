/** @file Sample category: a turned steel gear with five bores, lying at any angle on a rubber mat. */
import { createNoise } from './noise.ts';
import type { Random } from './random.ts';
import {
  blendColor,
  type Color,
  createBlob,
  createFrame,
  createStroke,
  type Defect,
  type SampleCategory,
  scaleColor,
  setColor,
  smoothstep,
  vary,
  type Weight,
} from './scene.ts';

const TWO_PI = 2 * Math.PI;
const TEETH = 20;
const TIP_RADIUS = 50;
const ROOT_RADIUS = 42.5;
/** Half widths of a tooth along the circumference. */
const TIP_HALF_WIDTH = 2.4;
const ROOT_HALF_WIDTH = 4.3;
const WEB_FROM = 15.5;
const WEB_TO = 35;
const BORES = 5;
const BORE_RADIUS = 5.4;
const BORES_AT = 25.2;
const SHAFT_RADIUS = 8;
const KEY_HALF_WIDTH = 2.1;
const KEY_TO = 11.4;
const RUST: Color = [0.47, 0.26, 0.13];
const BROKEN: Color = [0.5, 0.5, 0.5];

export const gear: SampleCategory = {
  name: 'gear',
  defectTypes: ['chipped_tooth', 'rust', 'scratch', 'undrilled'],
  paint(natural, defect) {
    const seed = natural.integer(0, 2 ** 31);
    const mat = createNoise(seed);
    const clouds = createNoise(seed + 1);
    const turned = createNoise(seed + 2);
    const uneven = createNoise(seed + 3);
    const centerX = 64 + natural.range(-5, 5);
    const centerY = 64 + natural.range(-5, 5);
    const frame = createFrame(centerX, centerY, natural.range(0, TWO_PI));
    const steel = vary(natural, [0.6, 0.61, 0.62], 0.06);
    const matColor = vary(natural, [0.17, 0.2, 0.19], 0.14);
    const lightAngle = -2.2 + natural.range(-0.25, 0.25);
    const lightX = Math.cos(lightAngle);
    const lightY = Math.sin(lightAngle);
    const damage = drawDamage(defect, { x: centerX, y: centerY });

    /** Depth into the metal, positive inside. */
    const depthAt = (x: number, y: number): number =>
      depthInto(frame.u(x, y), frame.v(x, y), damage);

    return (x, y, out) => {
      setColor(out, matColor, 1 + 0.13 * mat(x * 0.9, y * 0.9) + 0.1 * clouds(x * 0.09, y * 0.09));
      scaleColor(out, 1 - 0.55 * smoothstep(-3, 3, depthAt(x - 2.6, y - 3.4)));
      const depth = depthAt(x, y);
      const inside = smoothstep(-0.4, 0.4, depth);
      if (inside === 0) return;

      const dx = x - centerX;
      const dy = y - centerY;
      const radius = Math.sqrt(dx * dx + dy * dy);
      const facing = radius === 0 ? 0 : (dx * lightX + dy * lightY) / radius;
      // Turning marks shine where they lie across the light: two lobes that do not turn with the gear.
      const lobe = 2 * facing * facing - 1;
      const marks = turned(radius * 1.7, 0.5) + 0.6 * turned(radius * 3.1, 7.5);
      let level = 1 + 0.16 * lobe + 0.055 * marks + 0.04 * uneven(x * 0.11, y * 0.11);
      const inWeb =
        smoothstep(WEB_FROM - 0.6, WEB_FROM + 0.6, radius) *
        (1 - smoothstep(WEB_TO - 0.6, WEB_TO + 0.6, radius));
      level *= 1 - 0.3 * inWeb;
      // The web lies lower: its outer wall is lit from within, its inner one from without.
      level += 0.4 * facing * ridge(radius - WEB_FROM) - 0.4 * facing * ridge(radius - WEB_TO);
      level += edgeLight(x, y, depth, depthAt, lightX, lightY);
      blendColor(out, steel, inside, Math.max(0.1, level));

      const { rust, scratch, chip } = damage;
      if (rust !== null) {
        const weight = rust(x, y) * (0.6 + 0.35 * mat(x * 0.6, y * 0.6));
        blendColor(out, RUST, inside * weight, level * (1 + 0.3 * uneven(x * 0.9, y * 0.9)));
      }
      if (chip !== null) {
        const below = chip(frame.u(x, y), frame.v(x, y));
        const grains = 1 + 0.35 * mat(x * 1.3, y * 1.3);
        blendColor(out, BROKEN, inside * smoothstep(1.7, 0.9, below), grains);
      }
      if (scratch !== null) {
        const line = scratch(x, y);
        blendColor(out, [0.9, 0.91, 0.92], inside * 0.62 * Math.max(0, line));
        blendColor(out, [0.08, 0.08, 0.08], inside * 0.5 * Math.max(0, -line));
      }
    };
  },
};

/** Light on the small chamfer along every outline. */
function edgeLight(
  x: number,
  y: number,
  depth: number,
  depthAt: (x: number, y: number) => number,
  lightX: number,
  lightY: number,
): number {
  if (depth > 1.6) return 0;
  const slopeX = depthAt(x + 0.3, y) - depth;
  const slopeY = depthAt(x, y + 0.3) - depth;
  const length = Math.sqrt(slopeX * slopeX + slopeY * slopeY);
  if (length === 0) return 0;
  const towards = -(slopeX * lightX + slopeY * lightY) / length;
  return 0.38 * towards * (1 - smoothstep(0.5, 1.6, depth));
}

/** 1 on an edge, 0 from a unit away. */
function ridge(distance: number): number {
  return 1 - smoothstep(0.2, 1.1, Math.abs(distance));
}

/** What is wrong with the gear; the draws are the same for each type, in this order. */
function drawDamage(defect: Defect | null, center: { x: number; y: number }) {
  const none = { chip: null, rust: null, scratch: null, undrilled: -1 };
  if (defect === null) return none;
  const { random, type } = defect;
  const place = random.range(0, TWO_PI);
  const at = (distance: number): { x: number; y: number } => ({
    x: center.x + distance * Math.cos(place),
    y: center.y + distance * Math.sin(place),
  });
  switch (type) {
    case 'chipped_tooth':
      return { ...none, chip: drawChip(random) };
    case 'rust':
      return {
        ...none,
        rust: createBlob(random, {
          ...at(random.next() < 0.5 ? random.range(12, 17) : random.range(33, 46)),
          radius: random.range(3.5, 8.5),
          softness: 1.6,
        }),
      };
    case 'scratch':
      return { ...none, scratch: drawScratch(defect, at(random.range(14, 40)), place) };
    default:
      return { ...none, undrilled: random.integer(0, BORES - 1) };
  }
}

/** One or two teeth broken off: the way from a place to the break, along and across the gear, negative beyond it. */
function drawChip(random: Random): Weight {
  const tooth = random.integer(0, TEETH - 1);
  const count = random.next() < 0.3 ? 2 : 1;
  const left = random.range(0.08, 0.55) * (TIP_RADIUS - ROOT_RADIUS);
  const tilt = random.range(-0.35, 0.35);
  const jag = createNoise(random.integer(0, 2 ** 31));
  return (u, v) => {
    const radius = Math.sqrt(u * u + v * v);
    if (radius < ROOT_RADIUS - 2) return 4;
    const phase = ((Math.atan2(v, u) / TWO_PI) * TEETH + TEETH) % TEETH;
    const off = (Math.round(phase) - tooth + TEETH) % TEETH;
    if (off !== 0 && off !== count - 1) return 4;
    const arc = ((phase - Math.round(phase)) * TWO_PI * radius) / TEETH;
    return ROOT_RADIUS + left + tilt * arc + 0.8 * jag(arc * 0.9, tooth) - radius;
  };
}

/** Positive in the bright groove, negative in the shade beside it. */
function drawScratch({ random }: Defect, middle: { x: number; y: number }, place: number) {
  // Across the turning marks rather than along them.
  const stroke = createStroke({
    ...middle,
    angle: place + random.range(-0.9, 0.9),
    length: random.range(14, 34),
  });
  const sway = createNoise(random.integer(0, 2 ** 31));
  const halfWidth = random.range(0.45, 0.9);
  return (x: number, y: number): number => {
    const along = stroke.along(x, y);
    if (along < 0 || along > 1) return 0;
    const taper = Math.sqrt(Math.min(1, 5 * along * (1 - along)));
    const across = stroke.across(x, y) + 1.3 * sway(along * 3, 0.5);
    const width = halfWidth * taper;
    const core = 1 - smoothstep(width - 0.35, width + 0.35, Math.abs(across));
    const shade = taper * (1 - smoothstep(0, 1, Math.abs(across - width - 0.7)));
    return core > 0.1 ? core : -shade;
  };
}

function depthInto(u: number, v: number, damage: ReturnType<typeof drawDamage>): number {
  const { undrilled, chip } = damage;
  const radius = Math.sqrt(u * u + v * v);
  if (radius > TIP_RADIUS + 4) return -4;
  const turn = Math.atan2(v, u);
  if (radius > WEB_TO) {
    const phase = (turn / TWO_PI) * TEETH;
    const arc = Math.abs(phase - Math.round(phase)) * ((TWO_PI * radius) / TEETH);
    const height = (radius - ROOT_RADIUS) / (TIP_RADIUS - ROOT_RADIUS);
    const halfWidth = ROOT_HALF_WIDTH + (TIP_HALF_WIDTH - ROOT_HALF_WIDTH) * height;
    const tip = Math.min(TIP_RADIUS - radius, chip?.(u, v) ?? TIP_RADIUS);
    return Math.max(ROOT_RADIUS - radius, Math.min(tip, 0.97 * (halfWidth - arc)));
  }
  if (radius < WEB_FROM) {
    const key = Math.min(KEY_HALF_WIDTH - Math.abs(v), KEY_TO - u, u);
    return Math.min(radius - SHAFT_RADIUS, -key);
  }
  const place = Math.round((turn / TWO_PI) * BORES);
  if ((place + BORES) % BORES === undrilled) return 4;
  const angle = (place / BORES) * TWO_PI;
  const boreU = u - BORES_AT * Math.cos(angle);
  const boreV = v - BORES_AT * Math.sin(angle);
  return Math.sqrt(boreU * boreU + boreV * boreV) - BORE_RADIUS;
}
