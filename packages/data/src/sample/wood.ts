/** @file Sample category: a planed wooden board with upright grain. */
import { createNoise } from './noise.ts';
import {
  blendColor,
  type Color,
  createBlob,
  createFrame,
  createStroke,
  mix,
  type SampleCategory,
  scaleColor,
  setColor,
  smoothstep,
  vary,
} from './scene.ts';

const GLUE: Color = [0.86, 0.78, 0.62];

export const wood: SampleCategory = {
  name: 'wood',
  defectTypes: ['dent', 'glue', 'scratch'],
  paint(natural, defect) {
    const seed = natural.integer(0, 2 ** 31);
    const bend = createNoise(seed);
    const sway = createNoise(seed + 3);
    const fibers = createNoise(seed + 1);
    const strands = createNoise(seed + 4);
    const pores = createNoise(seed + 2);
    const frame = createFrame(
      natural.range(0, 200),
      natural.range(0, 400),
      natural.range(-0.05, 0.05),
    );
    const ringWidth = natural.range(10, 14);
    const light = vary(natural, [0.75, 0.56, 0.37], 0.08);
    const dark = vary(natural, [0.56, 0.37, 0.21], 0.08);
    const paintDefect = defect === null ? null : createWoodDefect(defect.type, defect.random);

    return (x, y, out) => {
      const u = frame.u(x, y);
      const v = frame.v(x, y);
      const warped = u + 9 * bend(u / 55, v / 120) + 2 * sway(u / 18, v / 60);
      const ring = warped / ringWidth - Math.floor(warped / ringWidth);
      // Early wood darkens slowly into late wood, then a ring starts afresh.
      const late = smoothstep(0.1, 0.88, ring) * (1 - smoothstep(0.9, 1, ring));
      const streak = 0.6 * fibers(warped * 1.1, v * 0.05) + 0.4 * strands(warped * 0.45, v * 0.02);
      const t = Math.min(1, Math.max(0, 0.62 * late + 0.12 + 0.16 * streak));
      out[0] = mix(light[0], dark[0], t);
      out[1] = mix(light[1], dark[1], t);
      out[2] = mix(light[2], dark[2], t);
      scaleColor(out, 1 - 0.26 * smoothstep(0.5, 0.85, pores(u * 0.85, v * 0.07)));
      paintDefect?.(x, y, out);
    };
  },
};

type DefectPainter = (x: number, y: number, out: Float64Array) => void;

function createWoodDefect(
  type: string,
  random: Parameters<SampleCategory['paint']>[0],
): DefectPainter {
  const x0 = random.range(28, 100);
  const y0 = random.range(28, 100);
  if (type === 'dent')
    return createDent(x0, y0, random.range(6.5, 9.5), random.range(0, 2 * Math.PI));
  if (type === 'glue') {
    const blob = createBlob(random, { x: x0, y: y0, radius: random.range(7, 11), softness: 0.8 });
    return (x, y, out) => {
      const weight = blob(x, y);
      const inner = blob(x + 1.2, y + 1.2);
      blendColor(out, GLUE, 0.42 * weight);
      scaleColor(out, 1 + 0.16 * Math.max(0, weight - inner) - 0.1 * Math.max(0, inner - weight));
    };
  }
  const length = random.range(34, 52);
  const angle = random.range(0.25, Math.PI - 0.25) - (random.next() < 0.5 ? 0 : Math.PI / 2) * 0.4;
  const stroke = createStroke({ x: x0, y: y0, angle, length });
  const sway = createNoise(random.integer(0, 2 ** 31));
  const halfWidth = random.range(0.8, 1.2);
  return (x, y, out) => {
    const along = stroke.along(x, y);
    if (along < 0 || along > 1) return;
    const across = stroke.across(x, y) + 1.8 * sway(along * 3, 0.5);
    const taper = Math.sqrt(Math.min(1, 6 * along * (1 - along)));
    const core = 1 - smoothstep(halfWidth * taper - 0.5, halfWidth * taper + 0.5, Math.abs(across));
    const shade = 1 - smoothstep(0, 1.6, Math.abs(across - 1.7));
    scaleColor(out, 1 - 0.24 * shade * taper * (1 - core));
    setColor(out, [
      mix(out[0]!, 0.9, 0.55 * core),
      mix(out[1]!, 0.76, 0.55 * core),
      mix(out[2]!, 0.58, 0.55 * core),
    ]);
  };
}

function createDent(x0: number, y0: number, radius: number, lightAngle: number): DefectPainter {
  const lightX = Math.cos(lightAngle);
  const lightY = Math.sin(lightAngle);
  return (x, y, out) => {
    const dx = (x - x0) / radius;
    const dy = (y - y0) / radius;
    const distance = Math.sqrt(dx * dx + dy * dy);
    if (distance >= 1) return;
    const slope = Math.sin(Math.PI * distance);
    const facing = distance === 0 ? 0 : (dx * lightX + dy * lightY) / distance;
    scaleColor(out, 1 + 0.27 * slope * facing - 0.13 * (1 - distance * distance));
  };
}
