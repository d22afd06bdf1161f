/** @file Sample category: a molded white plastic lid on a white table; what shows is its relief alone. */
import { createNoise } from './noise.ts';
import {
  createBlob,
  createStroke,
  type Defect,
  depthIntoBox,
  type SampleCategory,
  scaleColor,
  scatterFrame,
  setColor,
  smoothstep,
  vary,
  type Weight,
} from './scene.ts';

const LID = { halfWidth: 53, halfHeight: 40, corner: 13 };
const BOSSES = [-1, 1].flatMap((u) => [-1, 1].map((v) => ({ u: 42 * u, v: 29 * v })));
const SLOTS = { from: 8, pitch: 5.4, count: 6, halfLength: 13 };
const EMBLEM = { u: -20, v: 0, radius: 11.5 };

export const casing: SampleCategory = {
  name: 'casing',
  defectTypes: ['blister', 'scratch', 'sink', 'stain'],
  paint(natural, defect) {
    const seed = natural.integer(0, 2 ** 31);
    const table = createNoise(seed);
    const grain = createNoise(seed + 1);
    const flow = createNoise(seed + 2);
    const frame = scatterFrame(natural, 5, 0.14);
    const plastic = vary(natural, [0.7, 0.7, 0.685], 0.04);
    const tableColor = vary(natural, [0.73, 0.73, 0.73], 0.04);
    const lightAngle = -2.2 + natural.range(-0.35, 0.35);
    const lightU = Math.cos(lightAngle);
    const lightV = Math.sin(lightAngle);
    const damage = drawDamage(defect);
    const heightAt = (u: number, v: number): number => relief(u, v) + damage.relief(u, v);

    return (x, y, out) => {
      const u = frame.u(x, y);
      const v = frame.v(x, y);
      setColor(
        out,
        tableColor,
        1 + 0.012 * table(x * 0.8, y * 0.8) + 0.012 * table(x * 0.06, y * 0.06),
      );
      const shadow = depthIntoBox(u - 1.6, v - 2.2, LID);
      scaleColor(out, 1 - 0.17 * smoothstep(-3.5, 2.5, shadow));
      const depth = depthIntoBox(u, v, LID);
      const inside = smoothstep(-0.4, 0.4, depth);
      if (inside === 0) return;

      const height = heightAt(u, v);
      const slopeU = (heightAt(u + 0.35, v) - height) / 0.35;
      const slopeV = (heightAt(u, v + 0.35) - height) / 0.35;
      const towards = -(slopeU * lightU + slopeV * lightV);
      const level =
        1 +
        0.2 * (towards / Math.sqrt(1 + slopeU * slopeU + slopeV * slopeV)) +
        0.014 * grain(x * 1.1, y * 1.1) +
        0.014 * flow(u * 0.05, v * 0.09) -
        0.07 * smoothstep(0, -1.4, height);
      const { scratch, stain, gloss } = damage;
      const worn = stain(u, v);
      for (let c = 0; c < 3; c++) {
        const lit = plastic[c]! * (level - gloss(u, v) - scratch(u, v)) * (1 - worn * STAIN[c]!);
        out[c] = out[c]! + (lit - out[c]!) * inside;
      }
    };
  },
};

/** Share of each channel that a stain takes. */
const STAIN = [0.07, 0.085, 0.13];

/** Height of the sound lid, in units of the scene. */
function relief(u: number, v: number): number {
  const depth = depthIntoBox(u, v, LID);
  // A rounded outer edge, and a flat step down to the panel.
  let height = 2.2 * smoothstep(-0.5, 4, depth) - 1.3 * smoothstep(7, 8.6, depth);
  for (const boss of BOSSES) {
    const away = Math.sqrt((u - boss.u) ** 2 + (v - boss.v) ** 2);
    if (away > 8) continue;
    height += 1.4 * smoothstep(7, 5.6, away) - 2 * smoothstep(3.6, 2.6, away);
  }
  const slot = Math.round((u - SLOTS.from) / SLOTS.pitch);
  if (slot >= 0 && slot < SLOTS.count) {
    const across = Math.abs(u - SLOTS.from - slot * SLOTS.pitch);
    const along = Math.max(0, Math.abs(v) - SLOTS.halfLength);
    height -= 2 * smoothstep(2, 0.9, Math.sqrt(across * across + along * along));
  }
  return height + 0.8 * emblem(u - EMBLEM.u, v - EMBLEM.v);
}

/** A raised ring around an arrow that shows which side is up: 0 to 1. */
function emblem(u: number, v: number): number {
  const radius = Math.sqrt(u * u + v * v);
  if (radius > EMBLEM.radius + 2) return 0;
  const ring = smoothstep(1.7, 0.8, Math.abs(radius - EMBLEM.radius));
  const shaft = Math.min(1.6 - Math.abs(u), 6.6 - v, v + 1.5);
  const head = Math.min(0.64 * (v + 7.4) - 0.77 * Math.abs(u), -0.8 - v);
  return Math.max(ring, smoothstep(-0.5, 0.5, Math.max(shaft, head)));
}

interface Damage {
  /** Added to the height. */
  readonly relief: Weight;
  /** What a surface that lost its texture reflects less. */
  readonly gloss: Weight;
  /** Negative where a scratch is bright. */
  readonly scratch: Weight;
  readonly stain: Weight;
}

/** What is wrong with the lid, all places along and across it. */
function drawDamage(defect: Defect | null): Damage {
  const sound: Damage = { relief: () => 0, gloss: () => 0, scratch: () => 0, stain: () => 0 };
  if (defect === null) return sound;
  const { random, type } = defect;
  const x = random.range(-45, 45);
  const y = random.range(-32, 32);
  if (type === 'stain') {
    const stain = createBlob(random, { x, y, radius: random.range(4.5, 10), softness: 1.2 });
    return { ...sound, stain };
  }
  if (type === 'scratch') return { ...sound, scratch: drawScratch(defect, x, y) };
  const radius = type === 'sink' ? random.range(6, 11) : random.range(2.6, 4.6);
  const blob = createBlob(random, { x, y, radius, softness: radius * 0.62 });
  const amount = type === 'sink' ? -random.range(2.2, 3.2) : random.range(1.3, 2.1);
  const gloss = type === 'sink' ? 0.075 : -0.08;
  return {
    ...sound,
    relief: (u, v) => amount * blob(u, v),
    gloss: (u, v) => gloss * smoothstep(0.15, 0.5, blob(u, v)),
  };
}

function drawScratch({ random }: Defect, x: number, y: number): Weight {
  const stroke = createStroke({
    ...{ x, y },
    angle: random.range(0, Math.PI),
    length: random.range(16, 40),
  });
  const sway = createNoise(random.integer(0, 2 ** 31));
  const halfWidth = random.range(0.5, 0.9);
  return (u, v) => {
    const along = stroke.along(u, v);
    if (along < 0 || along > 1) return 0;
    const taper = Math.sqrt(Math.min(1, 5 * along * (1 - along)));
    const across = stroke.across(u, v) + 1.5 * sway(along * 3, 0.5);
    const groove = 1 - smoothstep(0, 2 * halfWidth, Math.abs(across));
    const lip = 1 - smoothstep(0, 1.2, Math.abs(across - 2 * halfWidth - 0.5));
    return taper * (0.2 * groove - 0.09 * lip);
  };
}
