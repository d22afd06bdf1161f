/** @file Sample category: a wood screw lying on a dark mat, anywhere and turned. */
import { createNoise } from './noise.ts';
import {
  blendColor,
  type Defect,
  type SampleCategory,
  scaleColor,
  scatterFrame,
  setColor,
  smoothstep,
  vary,
} from './scene.ts';

/** Along the screw, pixels from its middle. */
const HEAD_FROM = -45;
const HEAD_TO = -34;
const THREAD_FROM = -17;
const TIP_FROM = 29;
const TIP_TO = 45;
const HEAD_RADIUS = 14;
const CORE_RADIUS = 6;
const THREAD_DEPTH = 2.3;
const THREAD_PITCH = 5.4;

export const screw: SampleCategory = {
  name: 'screw',
  defectTypes: ['bent', 'broken_tip', 'worn_thread'],
  paint(natural, defect) {
    const seed = natural.integer(0, 2 ** 31);
    const mat = createNoise(seed);
    const clouds = createNoise(seed + 2);
    const metalNoise = createNoise(seed + 1);
    const frame = scatterFrame(natural, 6, 0.55);
    const turn = natural.range(0, THREAD_PITCH);
    const metal = vary(natural, [0.74, 0.71, 0.64], 0.08);
    const matColor = vary(natural, [0.2, 0.23, 0.27], 0.1);
    const shape: Shape = { turn, ...drawDamage(defect) };

    return (x, y, out) => {
      const u = frame.u(x, y);
      const v = straighten(u, frame.v(x, y), shape);
      setColor(out, matColor, 1 + 0.1 * mat(x * 0.8, y * 0.8) + 0.07 * clouds(x * 0.12, y * 0.12));
      const shadowU = frame.u(x - 2.5, y - 3.5);
      const shadowV = straighten(shadowU, frame.v(x - 2.5, y - 3.5), shape);
      const shadow = radiusAt(shadowU, shadowV, shape) - Math.abs(shadowV);
      scaleColor(out, 1 - 0.5 * smoothstep(-4, 3, shadow));

      const radius = radiusAt(u, v, shape);
      const inside = smoothstep(-0.5, 0.5, radius - Math.abs(v));
      if (inside === 0) return;
      const light = Math.max(0.06, shadeAt(u, v, radius, shape));
      blendColor(out, metal, inside, light * (1 + 0.05 * metalNoise(u * 0.3, v * 1.4)));
    };
  },
};

/** What is wrong with the screw; the draws are the same for each type, in this order. */
function drawDamage(defect: Defect | null) {
  const random = defect?.random;
  const bendFrom = defect?.type === 'bent' ? (random?.range(2, 12) ?? 0) : 200;
  const bendEnd = (random?.range(5, 8) ?? 0) * (random?.sign() ?? 1);
  const cut = defect?.type === 'broken_tip' ? (random?.range(28, 33) ?? 0) : TIP_TO + 5;
  const wornFrom = defect?.type === 'worn_thread' ? (random?.range(-12, 10) ?? 0) : 200;
  const wornTo = wornFrom + (random?.range(12, 17) ?? 0);
  const jag = createNoise(random?.integer(0, 2 ** 31) ?? 0);
  return { bendFrom, bendEnd, cut, wornFrom, wornTo, jag };
}

interface Shape extends ReturnType<typeof drawDamage> {
  /** Of the thread, along the screw. */
  readonly turn: number;
}

/** Across the screw, straightened where it is bent. */
function straighten(u: number, v: number, { bendFrom, bendEnd }: Shape): number {
  return u <= bendFrom ? v : v - bendEnd * ((u - bendFrom) / (TIP_TO - bendFrom)) ** 2;
}

function wearAt(u: number, { wornFrom, wornTo }: Shape): number {
  return smoothstep(wornFrom - 2, wornFrom + 1, u) * (1 - smoothstep(wornTo - 1, wornTo + 2, u));
}

/** Position on the thread's turn, -1 in its valley and 1 on its crest. */
function threadWave(u: number, v: number, { turn }: Shape): number {
  const phase = (u + turn + 0.22 * v) / THREAD_PITCH;
  return 1 - 4 * Math.abs(phase - Math.floor(phase) - 0.5);
}

function radiusAt(u: number, v: number, shape: Shape): number {
  const { cut, jag } = shape;
  if (v > HEAD_RADIUS + 5 || v < -HEAD_RADIUS - 5) return -5;
  if (u < HEAD_FROM || u > TIP_TO || u > cut + 1.2 * jag(v * 0.6, 3)) return -5;
  if (u < HEAD_TO) {
    const t = (u - HEAD_FROM) / (HEAD_TO - HEAD_FROM);
    return (
      6 +
      8 * Math.sqrt(Math.max(0, 1 - (1 - Math.min(1, 2.4 * t)) ** 2)) -
      6 * smoothstep(0.72, 1, t)
    );
  }
  if (u < THREAD_FROM) return CORE_RADIUS;
  const taper = u < TIP_FROM ? 1 : 1 - (u - TIP_FROM) / (TIP_TO - TIP_FROM);
  const started = smoothstep(THREAD_FROM, THREAD_FROM + 4, u);
  const crest = started * (1 - 0.9 * wearAt(u, shape)) * (0.5 + 0.5 * threadWave(u, v, shape));
  return (CORE_RADIUS - 1.2 * started + THREAD_DEPTH * crest) * (0.12 + 0.88 * taper);
}

/** Light on the round metal and the thread's flanks, darker where the head sits. */
function shadeAt(u: number, v: number, radius: number, shape: Shape): number {
  const n = Math.max(-1, Math.min(1, v / Math.max(0.5, radius)));
  const round = Math.sqrt(1 - n * n);
  const highlight = Math.exp(-(((n + 0.38) / 0.22) ** 2));
  const threaded = smoothstep(THREAD_FROM, THREAD_FROM + 4, u) * (1 - 0.88 * wearAt(u, shape));
  const flank = threadWave(u + 1.1, v, shape);
  const shade =
    0.3 +
    0.52 * round +
    0.34 * highlight -
    0.12 * n +
    0.24 * threaded * flank * (0.4 + 0.6 * round);
  const seat = 1 - 0.35 * smoothstep(2.2, 0, Math.abs(u - HEAD_TO));
  return shade * seat;
}
