/** @file Sample category: a printed paper label on brushed sheet metal; the lot number differs from label to label. */
import { createLine, type Line, lineWidth } from './glyphs.ts';
import { createNoise } from './noise.ts';
import { createRandom, type Random } from './random.ts';
import {
  blendColor,
  type Color,
  createBlob,
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

const PAPER = { halfWidth: 55, halfHeight: 42, corner: 4 };
const INK: Color = [0.09, 0.09, 0.1];
/** The white type in the colored band. */
const BAND_TO = -25;
const BARCODE = { from: -48, to: 9, top: 18, bottom: 37 };
/** Where bars start and gaps start, in turn. */
const BAR_EDGES = drawBars(createRandom('barcode'));
const LETTERS = 'ABCDEFGHKLMNPRSTUVXZ0123456789';
const DIGITS = '0123456789';

/** What every label says; `wrong` may change any of it. */
const PRINT: readonly Line[] = [
  { text: 'NORTHAXLE', x: -48, y: -37.2, height: 7.4, pen: 1.5 },
  { text: 'BALL BEARING', x: -48, y: -19, height: 5.6, pen: 0.95 },
  { text: '6204-2RS', x: -48, y: -8.6, height: 9.4, pen: 1.65 },
  { text: 'QTY 10', x: 21, y: -18.4, height: 5, pen: 0.9 },
  { text: '20 X 47 X 14', x: -48, y: 6.4, height: 4.8, pen: 0.85 },
];
const MARK = { x: 38, y: 2.5, radius: 9.5 };

export const label: SampleCategory = {
  name: 'label',
  defectTypes: ['missing', 'smudged', 'streak', 'wrong'],
  paint(natural, defect) {
    const seed = natural.integer(0, 2 ** 31);
    const brushed = createNoise(seed);
    const sheen = createNoise(seed + 1);
    const paper = createNoise(seed + 2);
    const absorbed = createNoise(seed + 3);
    const frame = scatterFrame(natural, 4, 0.09);
    const metal = vary(natural, [0.5, 0.51, 0.53], 0.07);
    const stock = vary(natural, [0.82, 0.81, 0.77], 0.035);
    const band = vary(natural, [0.12, 0.25, 0.45], 0.08);
    const lot = {
      text: `LOT ${several(natural, DIGITS, 6)}`,
      x: 13.5,
      y: 19.6,
      height: 4,
      pen: 0.8,
    };
    const date = {
      ...lot,
      text: `20${several(natural, '23', 1)}${several(natural, DIGITS, 1)}-0${several(natural, '123456789', 1)}`,
      y: 29,
    };
    const density = natural.range(0.84, 0.96);
    const damage = drawDamage(defect);
    const lines = [...damage.lines, lot, date].map(createLine);
    const ink = (u: number, v: number): number => {
      let most = Math.max(barcode(u, v), mark(u, v));
      for (const line of lines) most = Math.max(most, line(u, v));
      return most;
    };

    return (x, y, out) => {
      const u = frame.u(x, y);
      const v = frame.v(x, y);
      setColor(
        out,
        metal,
        1 + 0.09 * brushed(x * 0.035, y * 1.9) + 0.1 * sheen(x * 0.02, y * 0.05),
      );
      const shadow = depthIntoBox(frame.u(x - 0.9, y - 1.2), frame.v(x - 0.9, y - 1.2), PAPER);
      scaleColor(out, 1 - 0.4 * smoothstep(-1.4, 1, shadow));
      const inside = smoothstep(-0.4, 0.4, depthIntoBox(u, v, PAPER));
      if (inside === 0) return;

      const fibers = 1 + 0.014 * paper(x * 0.9, y * 0.9) + 0.02 * paper(x * 0.08, y * 0.08);
      const print = damage.transfer(ink, u, v) * (density + 0.06 * absorbed(u * 0.8, v * 0.8));
      blendColor(out, stock, inside, fibers);
      if (v < BAND_TO) {
        blendColor(out, band, inside * smoothstep(BAND_TO + 0.35, BAND_TO - 0.35, v), fibers);
        blendColor(out, stock, inside * print, fibers);
      } else blendColor(out, INK, inside * print);
      blendColor(out, INK, inside * damage.haze(u, v));
    };
  },
};

type Ink = (u: number, v: number) => number;

interface Damage {
  readonly lines: readonly Line[];
  /** What arrives on the paper of what the plate holds. */
  transfer(ink: Ink, u: number, v: number): number;
  /** Ink where the plate holds none. */
  readonly haze: Weight;
}

function drawDamage(defect: Defect | null): Damage {
  const sound: Damage = { lines: PRINT, transfer: (ink, u, v) => ink(u, v), haze: () => 0 };
  if (defect === null) return sound;
  const { random, type } = defect;
  if (type === 'wrong') return { ...sound, lines: withWrongLetters(random) };
  if (type === 'streak') {
    // A print head with dead dots leaves a line blank along the whole label.
    const at = random.range(-46, 46);
    const halfWidth = random.range(0.7, 1.5);
    const gap: Weight = (u) => 1 - smoothstep(halfWidth - 0.3, halfWidth + 0.3, Math.abs(u - at));
    return { ...sound, transfer: (ink, u, v) => ink(u, v) * (1 - gap(u, v)) };
  }
  const line = PRINT[random.integer(0, PRINT.length - 1)] ?? PRINT[0];
  if (line === undefined) return sound;
  const x = line.x + random.range(0.1, 0.9) * lineWidth(line.text, line.height);
  const y = line.y + random.range(0.2, 0.8) * line.height;
  const radius = type === 'missing' ? random.range(4, 8.5) : random.range(6, 11);
  const spot = createBlob(random, { x, y, radius, softness: type === 'missing' ? 0.8 : 2 });
  if (type === 'missing')
    return { ...sound, transfer: (ink, u, v) => ink(u, v) * (1 - spot(u, v)) };
  const drag = random.range(-0.5, 0.5) + (random.next() < 0.5 ? 0 : Math.PI);
  const length = random.range(2.5, 4.5);
  return {
    ...sound,
    transfer: (ink, u, v) => {
      const weight = spot(u, v);
      return weight === 0
        ? ink(u, v)
        : ink(u, v) * (1 - weight) + weight * dragged(ink, { u, v, drag, length });
    },
    haze: (u, v) => 0.08 * spot(u, v),
  };
}

/** Ink drawn out to one side, paler with the way. */
function dragged(ink: Ink, smear: { u: number; v: number; drag: number; length: number }): number {
  const { u, v, drag, length } = smear;
  let sum = 0.34 * ink(u, v);
  for (let step = 1; step <= 4; step++) {
    const way = (step / 4) * length;
    sum += (0.3 - 0.05 * step) * ink(u - way * Math.cos(drag), v - way * Math.sin(drag));
  }
  return Math.min(1, sum);
}

/** One to three letters of one line replaced by others. */
function withWrongLetters(random: Random): Line[] {
  const chosen = random.integer(0, PRINT.length - 1);
  return PRINT.map((line, index) => {
    if (index !== chosen) return line;
    const letters = [...line.text];
    const first = random.integer(0, letters.length - 1);
    const count = random.integer(1, 3);
    for (let at = first; at < Math.min(letters.length, first + count); at++) {
      if (letters[at] !== ' ') letters[at] = several(random, LETTERS, 1);
    }
    return { ...line, text: letters.join('') };
  });
}

function several(random: Random, from: string, count: number): string {
  return Array.from({ length: count }, () => from[random.integer(0, from.length - 1)]).join('');
}

/** Bars and gaps of one to three modules. */
function drawBars(random: Random): number[] {
  const edges = [BARCODE.from];
  for (let at = BARCODE.from; at < BARCODE.to; ) {
    at += 0.72 * random.integer(1, 3);
    edges.push(at);
  }
  // The last edge ends a bar.
  return edges.slice(0, edges.length - (edges.length % 2));
}

/** The same bars on every label. */
function barcode(u: number, v: number): number {
  const { from, to, top, bottom } = BARCODE;
  if (u < from - 1 || u > to + 3 || v < top - 0.4 || v > bottom + 0.4) return 0;
  let weight = 0;
  for (let bar = 0; bar < BAR_EDGES.length; bar += 2) {
    const start = BAR_EDGES[bar] ?? 0;
    if (u < start - 0.3) break;
    const end = BAR_EDGES[bar + 1] ?? 0;
    if (u > end + 0.3) continue;
    weight += smoothstep(start - 0.3, start + 0.3, u) * smoothstep(end + 0.3, end - 0.3, u);
  }
  const ends = smoothstep(top - 0.3, top + 0.3, v) * smoothstep(bottom + 0.3, bottom - 0.3, v);
  return Math.min(1, weight) * ends;
}

/** A ball bearing in outline: two rings with balls between them. */
function mark(u: number, v: number): number {
  const x = u - MARK.x;
  const y = v - MARK.y;
  const radius = Math.sqrt(x * x + y * y);
  if (radius > MARK.radius + 1) return 0;
  const ring = (at: number): number => 1 - smoothstep(0.35, 1, Math.abs(radius - at));
  const turn = (Math.atan2(y, x) / (2 * Math.PI)) * 8;
  const angle = (Math.round(turn) / 8) * 2 * Math.PI;
  const ball = Math.sqrt((x - 6.6 * Math.cos(angle)) ** 2 + (y - 6.6 * Math.sin(angle)) ** 2);
  return Math.max(ring(MARK.radius), ring(3.8), 1 - smoothstep(1.3, 2, ball));
}
