/** @file Sample category: a twill fabric of blue warp over light weft. */
import { createNoise, latticeHash } from './noise.ts';
import {
  blendColor,
  type Color,
  createBlob,
  createFrame,
  type Defect,
  type Frame,
  type SampleCategory,
  scaleColor,
  setColor,
  vary,
} from './scene.ts';

const BACKING: Color = [0.07, 0.065, 0.06];

export const fabric: SampleCategory = {
  name: 'fabric',
  defectTypes: ['hole', 'stain', 'wrong_thread'],
  paint(natural, defect) {
    const seed = natural.integer(0, 2 ** 31);
    const pitch = natural.range(5.1, 5.7);
    const frame = createFrame(
      natural.range(0, 60),
      natural.range(0, 60),
      natural.range(-0.06, 0.06),
    );
    const wobbleU = createNoise(seed);
    const wobbleV = createNoise(seed + 2);
    const slub = createNoise(seed + 1);
    const warpColor = vary(natural, [0.22, 0.33, 0.53], 0.1);
    const weftColor = vary(natural, [0.66, 0.68, 0.7], 0.08);

    const { hole, stain, wrongThread } = drawDamage(defect, frame, pitch);

    return (x, y, out) => {
      const u = frame.u(x, y) + 0.9 * wobbleU(x / 26, y / 26);
      const v = frame.v(x, y) + 0.9 * wobbleV(x / 26, y / 26);
      const warp = Math.floor(u / pitch);
      const weft = Math.floor(v / pitch);
      const s = u / pitch - warp - 0.5;
      const t = v / pitch - weft - 0.5;
      const weftOnTop = (((warp + weft) % 3) + 3) % 3 === 0;
      const across = weftOnTop ? t : s;
      const along = weftOnTop ? s : t;
      const index = weftOnTop ? weft : warp;
      const tint = 0.9 + 0.2 * latticeHash(index, weftOnTop ? 1 : 0, seed);
      const fiber = 0.1 * slub(u * (weftOnTop ? 0.35 : 1.6), v * (weftOnTop ? 1.6 : 0.35));
      const relief = (1 - 2.3 * across * across) * (1 - (weftOnTop ? 1.1 : 0.25) * along * along);
      setColor(out, weftOnTop ? weftColor : warpColor, relief * (tint + fiber));
      const replaced =
        !weftOnTop && warp === wrongThread?.warp && v > wrongThread.from && v < wrongThread.to;
      if (replaced) setColor(out, wrongThread.color, relief * (tint + fiber));
      if (stain !== null) {
        const weight = stain(x, y);
        out[0]! *= 1 - 0.24 * weight;
        out[1]! *= 1 - 0.33 * weight;
        out[2]! *= 1 - 0.46 * weight;
      }
      if (hole !== null) {
        const weight = hole(x, y);
        // A few torn fibers still cross the hole.
        const torn = Math.max(0, slub(u * 0.9, v * 0.25) - 0.35) * 1.2;
        if (weight > 0 && weight < 1) scaleColor(out, 1 + 0.5 * weight * (1 - weight));
        blendColor(out, BACKING, weight * (1 - torn));
      }
    };
  },
};

/** What is wrong with the cloth. */
function drawDamage(defect: Defect | null, frame: Frame, pitch: number) {
  const none = { hole: null, stain: null, wrongThread: null };
  if (defect === null) return none;
  const { random, type } = defect;
  const [x, y] = [random.range(26, 102), random.range(26, 102)];
  if (type === 'hole')
    return {
      ...none,
      hole: createBlob(random, { x, y, radius: random.range(4.5, 7), softness: 0.9 }),
    };
  if (type === 'stain')
    return {
      ...none,
      stain: createBlob(random, { x, y, radius: random.range(8, 13), softness: 2.5 }),
    };
  const wrongThread = {
    warp: Math.floor(frame.u(x, y) / pitch),
    from: frame.v(x, y) - random.range(16, 26),
    to: frame.v(x, y) + random.range(16, 26),
    color: vary(random, [0.55, 0.3, 0.27], 0.1),
  };
  return { ...none, wrongThread };
}
