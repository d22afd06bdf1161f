/** @file Sample category: a small circuit board; every part must be there, in its place and the right way round. */
import { placeParts } from './board-damage.ts';
import { PARTS, type PlacedPart } from './board-layout.ts';
import { paintPads, paintPart, partDepth } from './board-parts.ts';
import { type Box, createCellIndex } from './cell-index.ts';
import { createNoise } from './noise.ts';
import {
  blendColor,
  type Color,
  type SampleCategory,
  scaleColor,
  scatterFrame,
  setColor,
  smoothstep,
  vary,
} from './scene.ts';

const HALF_WIDTH = 56;
const HALF_HEIGHT = 42;
const CORNER = 3;
const HOLES = [-1, 1].flatMap((u) => [-1, 1].map((v) => ({ u: 51 * u, v: 37 * v })));
const COPPER: Color = [0.78, 0.62, 0.3];
const SOLDER: Color = [0.74, 0.75, 0.76];
/** Conductors under the solder mask: where they bend, on lines of the layout. */
const TRACES: readonly (readonly (readonly [number, number])[])[] = [
  [
    [-42, -19],
    [-32, -19],
    [-26, -13],
    [-16, -13],
  ],
  [
    [-42, -11],
    [-34, -11],
    [-29, -6],
    [-16, -6],
  ],
  [
    [-42, -3],
    [-30, -3],
    [-25, 2],
    [-16, 2],
  ],
  [
    [-42, 5],
    [-34, 5],
    [-22, 17],
    [-22, 27],
  ],
  [
    [14, -13],
    [22, -13],
    [27, -18],
    [27, -30],
  ],
  [
    [14, -4],
    [24, -4],
    [33, -4],
    [40, 3],
  ],
  [
    [14, 3],
    [20, 3],
    [30, 13],
    [44, 13],
  ],
  [
    [-10, 12],
    [-10, 22],
    [-4, 28],
    [12, 28],
  ],
  [
    [2, 12],
    [2, 18],
    [8, 24],
    [30, 24],
  ],
  [
    [-12, -22],
    [-12, -32],
    [4, -32],
  ],
];

const HALF_TRACE = 0.85;
const segmentsAt = createCellIndex(
  TRACES.flatMap((points) =>
    points.slice(1).map((to, index) => ({ from: points[index] ?? to, to })),
  ),
  ({ from, to }) => ({
    fromU: Math.min(from[0], to[0]) - HALF_TRACE - 1,
    fromV: Math.min(from[1], to[1]) - HALF_TRACE - 1,
    toU: Math.max(from[0], to[0]) + HALF_TRACE + 1,
    toV: Math.max(from[1], to[1]) + HALF_TRACE + 1,
  }),
);

export const board: SampleCategory = {
  name: 'board',
  defectTypes: ['bridge', 'missing', 'shifted', 'wrong_part'],
  paint(natural, defect) {
    const seed = natural.integer(0, 2 ** 31);
    const mat = createNoise(seed);
    const weave = createNoise(seed + 1);
    const dull = createNoise(seed + 2);
    const frame = scatterFrame(natural, 4, 0.09);
    const mask = vary(natural, [0.06, 0.31, 0.19], 0.09);
    const matColor = vary(natural, [0.56, 0.57, 0.6], 0.1);
    const sound = PARTS.map(
      (part): PlacedPart => ({
        ...part,
        u: part.u + natural.range(-0.3, 0.3),
        v: part.v + natural.range(-0.3, 0.3),
        angle: part.angle + natural.range(-0.03, 0.03),
        seed: natural.integer(0, 2 ** 31),
        tone: natural.range(0.9, 1.1),
      }),
    );
    const { parts, bridge } = placeParts(sound, defect);
    const at = createCellIndex(parts, boxOf);
    const padsAt = createCellIndex(
      sound.map((part, i) => ({ ...part, ...PARTS[i] })),
      boxOf,
    );

    return (x, y, out) => {
      const u = frame.u(x, y);
      const v = frame.v(x, y);
      setColor(out, matColor, 1 + 0.05 * mat(x * 0.8, y * 0.8) + 0.05 * mat(x * 0.07, y * 0.07));
      scaleColor(out, 1 - 0.45 * smoothstep(-2, 1.5, boardDepth(u - 1.4, v - 1.9)));
      const inside = smoothstep(-0.4, 0.4, boardDepth(u, v));
      if (inside === 0) return;

      const trace = traceAt(u, v);
      const level = 1 + 0.05 * weave(u * 0.5, v * 0.5) + 0.04 * dull(u * 0.06, v * 0.06);
      blendColor(out, mask, inside, level * (1 + 0.42 * trace));
      for (const hole of HOLES) {
        const away = Math.sqrt((u - hole.u) ** 2 + (v - hole.v) ** 2);
        if (away > 4.5) continue;
        blendColor(out, COPPER, inside * smoothstep(4, 3.4, away));
        blendColor(out, [0.05, 0.05, 0.05], inside * smoothstep(2.6, 2, away));
      }
      for (const part of padsAt(u, v)) paintPads(out, u, v, part);
      const here = at(u, v);
      let shade = 0;
      for (const part of here)
        shade = Math.max(shade, smoothstep(-1.2, 1, partDepth(u - 1.1, v - 1.5, part)));
      scaleColor(out, 1 - 0.5 * shade);
      for (const part of here) paintPart(out, u, v, part);
      if (bridge !== null) {
        const weight = bridge(u, v);
        const bright = bridge(u - 0.7, v - 0.7) - bridge(u + 0.7, v + 0.7);
        blendColor(out, SOLDER, weight, 0.86 - 0.5 * bright);
      }
    };
  },
};

/** What a part may reach beyond its body: pins, shadow. */
const MARGIN = 4;

function boxOf({ u, v, halfLength, halfWidth }: PlacedPart): Box {
  const reach = Math.sqrt(halfLength ** 2 + halfWidth ** 2) + MARGIN;
  return { fromU: u - reach, fromV: v - reach, toU: u + reach, toV: v + reach };
}

/** Distance into the board with its round corners, positive inside. */
function boardDepth(u: number, v: number): number {
  const beyondU = Math.abs(u) - (HALF_WIDTH - CORNER);
  const beyondV = Math.abs(v) - (HALF_HEIGHT - CORNER);
  if (beyondU <= 0 || beyondV <= 0) return CORNER - Math.max(beyondU, beyondV);
  return CORNER - Math.sqrt(beyondU * beyondU + beyondV * beyondV);
}

/** 1 on a conductor under the mask. */
function traceAt(u: number, v: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (const { from, to } of segmentsAt(u, v)) {
    const [du, dv] = [to[0] - from[0], to[1] - from[1]];
    const along = ((u - from[0]) * du + (v - from[1]) * dv) / (du * du + dv * dv);
    const t = Math.min(1, Math.max(0, along));
    nearest = Math.min(nearest, (u - from[0] - t * du) ** 2 + (v - from[1] - t * dv) ** 2);
  }
  return smoothstep(HALF_TRACE + 0.25, HALF_TRACE - 0.25, Math.sqrt(nearest));
}
