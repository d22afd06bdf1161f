/** @file How the parts of the sample category `board` look. */

import type { PartKind, PlacedPart } from './board-layout.ts';
import { createLine, lineWidth } from './glyphs.ts';
import { latticeHash } from './noise.ts';
import { blendColor, type Color, scaleColor, smoothstep, type Weight } from './scene.ts';

const TIN: Color = [0.7, 0.71, 0.72];
const BODY: Readonly<Record<PartKind, Color>> = {
  capacitor: [0.62, 0.47, 0.32],
  can: [0.09, 0.09, 0.1],
  chip: [0.1, 0.1, 0.105],
  connector: [0.86, 0.84, 0.77],
  crystal: [0.72, 0.73, 0.73],
  diode: [0.12, 0.11, 0.11],
  led: [0.86, 0.84, 0.6],
  resistor: [0.08, 0.08, 0.09],
};
const SILK: Color = [0.82, 0.84, 0.82];
/** Distance between the pins of a chip. */
export const PIN_PITCH = 3.6;
const PIN_REACH = 3.2;

/** Coordinates along and across a part. */
function local(u: number, v: number, part: PlacedPart): { a: number; b: number } {
  const cos = Math.cos(part.angle);
  const sin = Math.sin(part.angle);
  const du = u - part.u;
  const dv = v - part.v;
  return { a: du * cos + dv * sin, b: dv * cos - du * sin };
}

/** Distance into the body of a part, positive inside. */
export function partDepth(u: number, v: number, part: PlacedPart): number {
  const { a, b } = local(u, v, part);
  return rectangle(a, b, part.halfLength, part.halfWidth, part.kind === 'crystal' ? 3.2 : 0.5);
}

/** Pads and the printed outline, which are there whether the part is or not. */
export function paintPads(out: Float64Array, u: number, v: number, part: PlacedPart): void {
  const { a, b } = local(u, v, part);
  const { kind, halfLength, halfWidth } = part;
  if (kind === 'chip') {
    const pad = pins(a, Math.abs(b) - halfWidth - 1.8, halfLength, 2.1);
    blendColor(out, TIN, pad, 0.92);
    const silk = Math.abs(rectangle(a, b, halfLength + 1.2, halfWidth - 1, 0.5));
    blendColor(
      out,
      SILK,
      0.8 * smoothstep(0.7, 0.2, silk) * smoothstep(0, 1, Math.abs(a) - halfLength + 1),
    );
    return;
  }
  if (kind === 'connector') return;
  const outline = Math.abs(rectangle(a, b, halfLength + 1.7, halfWidth + 1.3, 0.6));
  const gap = kind === 'can' ? 1 : smoothstep(1.6, 2.4, Math.abs(a));
  blendColor(out, SILK, 0.75 * smoothstep(0.6, 0.15, outline) * gap);
  const reach = kind === 'can' ? 2.6 : 1.9;
  const pad = rectangle(Math.abs(a) - halfLength + 0.6, b, reach, Math.min(2.3, halfWidth), 0.4);
  blendColor(out, TIN, smoothstep(-0.35, 0.35, pad), 0.95 + 0.06 * Math.sin(a + 2 * b));
}

/** The part itself. */
export function paintPart(out: Float64Array, u: number, v: number, part: PlacedPart): void {
  const { a, b } = local(u, v, part);
  const { kind, halfLength, halfWidth, tone } = part;
  if (kind === 'chip') {
    const beside = Math.abs(b) - halfWidth;
    const pin = pins(a, beside - PIN_REACH / 2, halfLength, PIN_REACH / 2);
    blendColor(out, TIN, pin, 1.08 - 0.22 * smoothstep(0.6, 2.6, beside));
  }
  const depth = partDepth(u, v, part);
  const inside = smoothstep(-0.35, 0.35, depth);
  if (inside === 0) return;
  // Light comes from above on the left: edges towards it are brighter.
  const cos = Math.cos(part.angle);
  const sin = Math.sin(part.angle);
  const edge = smoothstep(1.1, 0.2, depth);
  const nearEnd = halfLength - Math.abs(a) < halfWidth - Math.abs(b);
  const outU = nearEnd ? Math.sign(a) * cos : -Math.sign(b) * sin;
  const outV = nearEnd ? Math.sign(a) * sin : Math.sign(b) * cos;
  const level = tone * (1 - 0.3 * edge * (0.6 * outU + 0.8 * outV));
  blendColor(out, BODY[kind], inside, level);
  DETAILS[kind]?.(out, { a, b, inside, level, part });
}

interface Spot {
  readonly a: number;
  readonly b: number;
  readonly inside: number;
  readonly level: number;
  readonly part: PlacedPart;
}

const DETAILS: Readonly<Record<PartKind, (out: Float64Array, spot: Spot) => void>> = {
  capacitor: paintEnds,
  can: paintCan,
  chip: paintChip,
  connector: paintConnector,
  crystal: (out, { a, b, inside, level }) =>
    blendColor(
      out,
      [0.5, 0.5, 0.5],
      0.5 * inside * smoothstep(0.6, 0.1, Math.abs(rectangle(a, b, 6.9, 2.3, 2.2))),
      level,
    ),
  diode: (out, spot) => {
    paintEnds(out, spot);
    blendColor(out, [0.75, 0.75, 0.75], spot.inside * band(spot.a, -2.9, -1.9));
  },
  led: (out, spot) => {
    const away = Math.sqrt(spot.a * spot.a + spot.b * spot.b);
    blendColor(out, [0.95, 0.9, 0.45], 0.8 * spot.inside * smoothstep(2.3, 1.5, away));
    blendColor(out, [0.2, 0.5, 0.3], 0.8 * spot.inside * band(spot.a, 2.9, 3.8));
  },
  resistor: (out, spot) => {
    paintEnds(out, spot);
    const ink = lettering(spot.part, 2.3, 0.5)(spot.a, spot.b);
    blendColor(out, [0.85, 0.85, 0.85], 0.85 * spot.inside * ink);
  },
};

/** Tinned ends. */
function paintEnds(out: Float64Array, { a, inside, level, part }: Spot): void {
  const end = smoothstep(-0.3, 0.3, Math.abs(a) - part.halfLength + 1.5);
  blendColor(out, TIN, inside * end, level);
}

/** An aluminium can on its square foot; the dark sector marks its minus side. */
function paintCan(out: Float64Array, { a, b, inside, part }: Spot): void {
  const away = Math.sqrt(a * a + b * b);
  const lid = smoothstep(6.3, 5.7, away) * inside;
  const round = 1 + 0.14 * Math.cos(2 * Math.atan2(b, a) + 2.4 + 2 * part.angle) * (away / 6);
  blendColor(out, [0.75, 0.76, 0.77], lid, round * part.tone);
  const rim = smoothstep(0.7, 0.1, Math.abs(away - 5.4));
  scaleColor(out, 1 - 0.25 * rim * lid);
  blendColor(
    out,
    [0.13, 0.13, 0.16],
    0.9 * lid * smoothstep(2.2, 2.7, -a) * smoothstep(5.4, 4.9, away),
  );
  const ink = lettering(part, 2.4, 0.5)(b, -a);
  blendColor(out, [0.15, 0.15, 0.2], 0.8 * lid * ink);
}

function paintChip(out: Float64Array, { a, b, inside, part }: Spot): void {
  const { halfLength, halfWidth } = part;
  const dot = Math.sqrt((a + halfLength - 2.6) ** 2 + (b - halfWidth + 2.6) ** 2);
  blendColor(out, [0.42, 0.42, 0.42], inside * smoothstep(1.25, 0.8, dot));
  const notch = Math.sqrt((a + halfLength) ** 2 + b * b);
  blendColor(out, [0.03, 0.03, 0.03], inside * smoothstep(1.9, 1.4, notch));
  const ink = lettering(part, 3.1, 0.6)(a, b + 1.9);
  // The lot differs from chip to chip.
  const at = Math.floor(a / 1.7);
  const stem = band(a - 1.7 * at, 0.3, 0.3 + 0.9 * latticeHash(at, 1, part.seed));
  const lot =
    Math.abs(a) < 0.55 * halfLength
      ? stem * band(b, 1.2, 1.6 + 1.6 * latticeHash(at, 2, part.seed))
      : 0;
  blendColor(out, [0.62, 0.62, 0.6], 0.85 * inside * Math.max(ink, 0.8 * lot));
}

/** A row of sockets in a light housing. */
function paintConnector(out: Float64Array, { a, b, inside, level, part }: Spot): void {
  const wall = rectangle(a, b, part.halfLength - 2, part.halfWidth - 2, 0.5);
  blendColor(out, [0.62, 0.6, 0.54], inside * smoothstep(-0.3, 0.3, wall), level);
  const pin = Math.round(a / 6.4);
  if (Math.abs(pin) > 2) return;
  const along = a - 6.4 * pin;
  blendColor(
    out,
    [0.1, 0.1, 0.1],
    inside * smoothstep(-0.3, 0.3, rectangle(along, b, 2.1, 2.5, 0.4)),
  );
  blendColor(
    out,
    [0.8, 0.68, 0.36],
    inside * smoothstep(-0.3, 0.3, rectangle(along, b, 1.1, 1.2, 0.3)),
  );
}

const LINES = new Map<string, Weight>();

/** The marking, centered; the same for all parts that carry it. */
function lettering({ marking }: PlacedPart, height: number, pen: number): Weight {
  const key = `${marking}/${height}`;
  const known = LINES.get(key);
  if (known !== undefined) return known;
  const line = createLine({
    ...{ text: marking, height, pen },
    x: -lineWidth(marking, height) / 2,
    y: -height / 2,
  });
  LINES.set(key, line);
  return line;
}

/** Both rows of pins share this pattern along the body. */
function pins(a: number, across: number, halfLength: number, reach: number): number {
  const count = Math.floor((2 * halfLength) / PIN_PITCH);
  const place = a / PIN_PITCH + (count - 1) / 2;
  const nearest = Math.min(count - 1, Math.max(0, Math.round(place)));
  const beside = Math.abs(place - nearest) * PIN_PITCH;
  return smoothstep(-0.3, 0.3, 0.95 - beside) * smoothstep(-0.3, 0.3, reach - Math.abs(across));
}

/** Soft-edged: 1 between the two places. */
function band(place: number, from: number, to: number): number {
  return smoothstep(from - 0.25, from + 0.25, place) * smoothstep(to + 0.25, to - 0.25, place);
}

function rectangle(
  a: number,
  b: number,
  halfLength: number,
  halfWidth: number,
  corner: number,
): number {
  const beyondA = Math.abs(a) - (halfLength - corner);
  const beyondB = Math.abs(b) - (halfWidth - corner);
  if (beyondA <= 0 || beyondB <= 0) return corner - Math.max(beyondA, beyondB);
  return corner - Math.sqrt(beyondA * beyondA + beyondB * beyondB);
}
