/** @file Sample category: a perforated steel sheet, round holes in a staggered grid. */
import { createNoise } from './noise.ts';
import {
  blendColor,
  type Color,
  createBlob,
  createFrame,
  type SampleCategory,
  setColor,
  smoothstep,
  vary,
} from './scene.ts';

const RUST: Color = [0.46, 0.26, 0.14];
const DIRT: Color = [0.36, 0.33, 0.29];
const ROW_HEIGHT = Math.sqrt(3) / 2;

export const mesh: SampleCategory = {
  name: 'mesh',
  defectTypes: ['clogged', 'deformed', 'rust'],
  paint(natural, defect) {
    const seed = natural.integer(0, 2 ** 31);
    const brushed = createNoise(seed);
    const lined = createNoise(seed + 2);
    const grain = createNoise(seed + 1);
    const pitch = natural.range(14.6, 15.4);
    const radius = natural.range(4.5, 4.9);
    const frame = createFrame(
      natural.range(0, 40),
      natural.range(0, 40),
      natural.range(-0.06, 0.06),
    );
    const steel = vary(natural, [0.6, 0.615, 0.63], 0.08);
    const lightX = -0.6 + natural.range(-0.1, 0.1);
    const lightY = -0.8 + natural.range(-0.1, 0.1);

    const x0 = defect?.random.range(28, 100) ?? 0;
    const y0 = defect?.random.range(28, 100) ?? 0;
    const hit = nearestHole(frame.u(x0, y0) / pitch, frame.v(x0, y0) / pitch);
    const clogged = defect?.type === 'clogged';
    const rust =
      defect?.type === 'rust'
        ? createBlob(defect.random, {
            x: x0,
            y: y0,
            radius: defect.random.range(7, 11),
            softness: 2,
          })
        : null;
    const push = defect?.type === 'deformed' ? defect.random.range(3.4, 4.6) : 0;
    const pushAngle = defect?.random.range(0, 2 * Math.PI) ?? 0;
    const reach = 2 * 8.5 ** 2;

    return (x, y, out) => {
      const away = push === 0 ? 0 : push * Math.exp(-((x - x0) ** 2 + (y - y0) ** 2) / reach);
      const u = frame.u(x, y) + away * Math.cos(pushAngle);
      const v = frame.v(x, y) + away * Math.sin(pushAngle);
      const hole = nearestHole(u / pitch, v / pitch);
      const dx = u - hole.u * pitch;
      const dy = v - hole.v * pitch;
      const distance = Math.sqrt(dx * dx + dy * dy);

      const lines = 0.05 * brushed(u * 0.06, v * 1.7) + 0.025 * lined(u * 0.25, v * 2.6);
      setColor(out, steel, 1 + lines);
      if (rust !== null) {
        const weight = rust(x, y) * (0.62 + 0.3 * grain(x * 0.7, y * 0.7));
        blendColor(out, RUST, weight, 1 + 0.25 * grain(x * 1.3, y * 1.3));
      }
      if (distance < radius + 2.2) {
        const facing = distance === 0 ? 0 : (dx * lightX + dy * lightY) / distance;
        const bevel = (1 - smoothstep(0.3, 2, Math.abs(distance - radius - 0.3))) * facing;
        blendColor(out, [1, 1, 1], 0.32 * Math.max(0, -bevel));
        blendColor(out, [0.1, 0.1, 0.12], 0.42 * Math.max(0, bevel));
        const inside = 1 - smoothstep(radius - 0.6, radius + 0.6, distance);
        const depth = 0.07 + 0.05 * smoothstep(-1, 1, -facing * (distance / radius));
        const isClogged = clogged && hole.u === hit.u && hole.v === hit.v;
        if (isClogged)
          blendColor(out, DIRT, inside, 1 + 0.35 * grain(x * 0.55, y * 0.55) + 0.12 * facing);
        else blendColor(out, [depth, depth, depth * 1.1], inside);
      }
    };
  },
};

/** Center of the nearest hole, in pitches. */
function nearestHole(u: number, v: number): { u: number; v: number } {
  const row = Math.round(v / ROW_HEIGHT);
  let best = { u: 0, v: 0 };
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let r = row - 1; r <= row + 1; r++) {
    const shift = (r & 1) === 0 ? 0 : 0.5;
    const candidate = { u: Math.round(u - shift) + shift, v: r * ROW_HEIGHT };
    const distance = (u - candidate.u) ** 2 + (v - candidate.v) ** 2;
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
