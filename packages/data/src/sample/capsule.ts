/** @file Sample category: a two-colored gelatin capsule with an imprint on a slate tray. */
import { createNoise, latticeHash } from './noise.ts';
import type { Random } from './random.ts';
import {
  blendColor,
  type Color,
  type Defect,
  type SampleCategory,
  scaleColor,
  scatterFrame,
  setColor,
  smoothstep,
  vary,
} from './scene.ts';

const HALF_LENGTH = 42;
const RADIUS = 16;
const IMPRINT: Color = [0.24, 0.2, 0.22];
const SPECK: Color = [0.13, 0.1, 0.08];

export const capsule: SampleCategory = {
  name: 'capsule',
  defectTypes: ['contamination', 'crack', 'dent'],
  paint(natural, defect) {
    const tray = drawTray(natural);
    const frame = scatterFrame(natural, 6, 0.5);
    const cap = vary(natural, [0.74, 0.3, 0.19], 0.09);
    const body = vary(natural, [0.86, 0.81, 0.68], 0.06);
    const trayColor = vary(natural, [0.28, 0.33, 0.38], 0.1);
    const joint = natural.range(-3, 2);
    const roll = natural.range(-3, 3);
    const damage = drawDamage(defect);
    const depthAt = (u: number, v: number) => depthInto(u, v, joint, damage);

    return (x, y, out) => {
      const u = frame.u(x, y);
      const v = frame.v(x, y);
      setColor(out, trayColor, tray(x, y));
      const shadow = depthAt(frame.u(x - 3, y - 4), frame.v(x - 3, y - 4));
      scaleColor(out, 1 - 0.5 * smoothstep(-5, 4, shadow));

      const depth = depthAt(u, v);
      const inside = smoothstep(-0.5, 0.5, depth);
      if (inside === 0) return;
      const shade = shadeAt(u, v, depth, damage) * (1 - 0.3 * nearness(u, joint));
      blendColor(out, u < joint ? cap : body, inside, shade);
      blendColor(out, IMPRINT, inside * 0.8 * imprint(u - 10, v - roll), shade);
      blendColor(out, [1, 1, 1], inside * 0.55 * highlightAt(u, v));
      paintCrack(out, u, v, inside, damage);
      paintSpecks(out, u, v, inside, damage);
    };
  },
};

/** Brightness of the slate under the capsule. */
function drawTray(natural: Random): (x: number, y: number) => number {
  const seed = natural.integer(0, 2 ** 31);
  const grain = createNoise(seed);
  const clouds = createNoise(seed + 1);
  return (x, y) => 1 + 0.05 * grain(x * 0.7, y * 0.7) + 0.05 * clouds(x * 0.07, y * 0.07);
}

/** What is wrong with the capsule; the draws are the same for each type, in this order. */
function drawDamage(defect: Defect | null) {
  const random = defect?.random;
  const u0 = random?.range(-27, 27) ?? 0;
  const side = random?.sign() ?? 1;
  const dentDepth = defect?.type === 'dent' ? (random?.range(4.2, 6) ?? 0) : 0;
  const dentWidth = random?.range(6, 8.5) ?? 1;
  const crack = defect?.type === 'crack' ? createNoise(random?.integer(0, 2 ** 31) ?? 0) : null;
  const crackReach = random?.range(19, 25) ?? 0;
  const crackLean = random?.range(-0.6, 0.6) ?? 0;
  const specks =
    defect?.type === 'contamination' && random !== undefined
      ? Array.from({ length: random.integer(4, 6) }, () => ({
          u: u0 + random.range(-8, 8),
          v: random.range(-10, 10),
          radius: random.range(1.5, 2.4),
        }))
      : [];
  return { u0, side, dentDepth, dentWidth, crack, crackReach, crackLean, specks };
}

type Damage = ReturnType<typeof drawDamage>;

/** Distance into the capsule, positive inside. */
function depthInto(u: number, v: number, joint: number, damage: Damage): number {
  const { u0, side, dentDepth, dentWidth } = damage;
  const beyond = Math.max(0, Math.abs(u) - (HALF_LENGTH - RADIUS));
  const overlap = u < joint ? 0.7 : 0;
  const depth = RADIUS + overlap - Math.sqrt(beyond * beyond + v * v);
  if (dentDepth === 0) return depth;
  const press = Math.exp(-(((u - u0) / dentWidth) ** 2)) * smoothstep(2, 14, side * v);
  return depth - dentDepth * press;
}

/** Light on the round body, darker within a dent. */
function shadeAt(u: number, v: number, depth: number, damage: Damage): number {
  const { u0, side, dentDepth, dentWidth } = damage;
  const n = Math.max(0, Math.min(1, 1 - depth / RADIUS));
  const round = Math.sqrt(1 - n * n);
  const below = v / RADIUS;
  const bounce = Math.exp(-(((v - 11) / 3) ** 2));
  const shade = 0.5 + 0.52 * round - 0.16 * below + 0.05 * bounce;
  if (dentDepth === 0) return shade;
  const press = Math.exp(-(((u - u0) / dentWidth) ** 2)) * smoothstep(1, 10, side * v);
  return shade * (1 - 0.28 * press * Math.sign(side));
}

/** 1 at the joint, 0 from a pixel away. */
function nearness(u: number, joint: number): number {
  return 1 - smoothstep(0, 1.1, Math.abs(u - joint));
}

function highlightAt(u: number, v: number): number {
  return (
    Math.exp(-(((v + 6.5) / 2.2) ** 2)) * smoothstep(HALF_LENGTH - 8, HALF_LENGTH - 18, Math.abs(u))
  );
}

function paintCrack(out: Float64Array, u: number, v: number, inside: number, damage: Damage): void {
  const { u0, side, crack, crackReach, crackLean } = damage;
  if (crack === null) return;
  const from = side * (RADIUS - v * side);
  const along = Math.abs(from);
  const across = u - u0 - crackLean * along - 4.5 * crack(along / 6, 0) - 1.5 * crack(along / 2, 9);
  const width = 1.15 * (1 - smoothstep(crackReach - 7, crackReach, along));
  const line = width <= 0 ? 0 : 1 - smoothstep(width - 0.5, width + 0.5, Math.abs(across));
  blendColor(out, [0.1, 0.08, 0.08], inside * 0.72 * line);
  blendColor(
    out,
    [1, 1, 1],
    inside * 0.16 * width * (1 - smoothstep(0.3, 1.3, Math.abs(across - 2))),
  );
}

function paintSpecks(
  out: Float64Array,
  u: number,
  v: number,
  inside: number,
  { specks }: Damage,
): void {
  for (const speck of specks) {
    const distance = Math.sqrt((u - speck.u) ** 2 + (v - speck.v) ** 2);
    const weight = 1 - smoothstep(speck.radius - 0.5, speck.radius + 0.5, distance);
    blendColor(out, SPECK, inside * 0.8 * weight);
  }
}

/** Four pseudo characters printed along the body, 1 on ink. */
function imprint(u: number, v: number): number {
  const index = Math.floor(u / 5);
  if (index < 0 || index > 3 || Math.abs(v) > 5) return 0;
  const place = u - index * 5 - 2.5;
  const shape = latticeHash(index, 3, 11);
  const stem = bar(place + 1.1, 0.6) * bar(v, 3);
  const crossAt = 2.4 * Math.round(2 * latticeHash(index, 4, 11) - 1);
  const cross = bar(place, 1.6) * bar(v - crossAt, 0.6);
  const second = shape > 0.4 ? bar(place - 1.1, 0.6) * bar(v - 1, 2) : 0;
  return Math.max(stem, cross, second);
}

function bar(place: number, halfWidth: number): number {
  return 1 - smoothstep(halfWidth - 0.35, halfWidth + 0.35, Math.abs(place));
}
