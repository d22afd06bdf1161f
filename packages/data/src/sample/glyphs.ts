/** @file Letters and digits drawn with a round pen, for the printed sample categories. */
import { smoothstep, type Weight } from './scene.ts';

/** Strokes of each letter, separated by spaces: points as pairs of digits `xy` on a grid of 4 × 6, y downwards. */
const STROKES: Readonly<Record<string, string>> = {
  A: '062046 1434',
  B: '0600 003041423303 3344453606',
  C: '4130100105163645',
  D: '0600 002042442606',
  E: '40000646 0333',
  F: '400006 0333',
  G: '41301001051636454323',
  H: '0006 4046 0343',
  I: '2026',
  K: '0006 4003 1246',
  L: '000646',
  M: '0600234046',
  N: '06004640',
  O: '103041453616050110',
  P: '06003041423303',
  Q: '103041453616050110 2446',
  R: '06003041423303 2346',
  S: '413010010213334445361605',
  T: '0040 2026',
  U: '000516364540',
  V: '002640',
  X: '0046 4006',
  Y: '0023 4023 2326',
  Z: '00400646',
  '0': '103041453616050110 1531',
  '1': '112026',
  '2': '01103041420646',
  '3': '01103041423313 334445361605',
  '4': '300444 3036',
  '5': '400002324345361605',
  '6': '30100105163645443303',
  '7': '004016',
  '8': '103041423313020110 3344453616050413',
  '9': '43130201103041453616',
  '-': '1333',
  '/': '0640',
  '.': '1616',
};
const GRID_HEIGHT = 6;
/** Grid steps from one letter to the next. */
const ADVANCE = 5.7;

interface Segment {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

export interface Line {
  readonly text: string;
  /** Left end and top. */
  readonly x: number;
  readonly y: number;
  /** Of a capital letter. */
  readonly height: number;
  /** Width of the pen. */
  readonly pen: number;
}

/** A line of text, 1 on ink. Characters without strokes are blank. */
export function createLine({ text, x, y, height, pen }: Line): Weight {
  const unit = height / GRID_HEIGHT;
  const glyphs = [...text].map(segmentsOf);
  const reach = pen / 2 + 0.4;
  return (px, py) => {
    const v = py - y;
    if (v < -reach || v > height + reach) return 0;
    // A letter's cell reaches half the gap to both sides.
    const index = Math.floor((px - x) / (ADVANCE * unit) + 0.5 * (1 - 4 / ADVANCE));
    const glyph = glyphs[index];
    if (glyph === undefined) return 0;
    const u = px - x - index * ADVANCE * unit;
    let nearest = Number.POSITIVE_INFINITY;
    for (const segment of glyph) {
      nearest = Math.min(nearest, squaredDistance(u / unit, v / unit, segment));
    }
    return 1 - smoothstep(pen / 2 - 0.35, pen / 2 + 0.35, Math.sqrt(nearest) * unit);
  };
}

/** Width of a line of text. */
export function lineWidth(text: string, height: number): number {
  return ((text.length - 1) * ADVANCE + 4) * (height / GRID_HEIGHT);
}

function segmentsOf(character: string): Segment[] {
  const strokes = STROKES[character]?.split(' ') ?? [];
  return strokes.flatMap((stroke) => {
    const points = Array.from({ length: stroke.length / 2 }, (_, i) => ({
      x: Number(stroke[2 * i]),
      y: Number(stroke[2 * i + 1]),
    }));
    return points.slice(1).map((to, i) => {
      const from = points[i] ?? to;
      return { ...from, dx: to.x - from.x, dy: to.y - from.y };
    });
  });
}

function squaredDistance(x: number, y: number, segment: Segment): number {
  const { dx, dy } = segment;
  const fromX = x - segment.x;
  const fromY = y - segment.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, (fromX * dx + fromY * dy) / length));
  return (fromX - t * dx) ** 2 + (fromY - t * dy) ** 2;
}
