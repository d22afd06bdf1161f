/** @file Sample category: a round printed badge with a star and lettering on a light table. */
import { createNoise, latticeHash } from './noise.ts';
import {
  blendColor,
  type Color,
  createBlob,
  createFrame,
  mix,
  type SampleCategory,
  scaleColor,
  setColor,
  smoothstep,
  vary,
} from './scene.ts';

const RADIUS = 47;
const TWO_PI = 2 * Math.PI;
const INK: Color = [0.93, 0.92, 0.87];
const GOLD: Color = [0.86, 0.68, 0.3];
/** The artwork is the same on every badge. */
const ARTWORK_SEED = 7;
const LETTERS = 34;

export const badge: SampleCategory = {
  name: 'badge',
  defectTypes: ['chipped', 'misprint', 'smudge'],
  paint(natural, defect) {
    const seed = natural.integer(0, 2 ** 31);
    const table = createNoise(seed);
    const dust = createNoise(seed + 1);
    const angle = natural.range(-0.22, 0.22);
    const centerX = 64 + natural.range(-4, 4);
    const centerY = 64 + natural.range(-4, 4);
    const frame = createFrame(centerX, centerY, angle);
    const field = vary(natural, [0.1, 0.35, 0.42], 0.12);
    const tableColor = vary(natural, [0.72, 0.69, 0.64], 0.07);
    const gloss = natural.range(0, TWO_PI);

    const random = defect?.random;
    const place = random?.range(0, TWO_PI) ?? 0;
    const at = (distance: number): { x: number; y: number } => ({
      x: centerX + distance * Math.cos(place),
      y: centerY + distance * Math.sin(place),
    });
    const blobOf = (type: string, distance: number, low: number, high: number, softness: number) =>
      defect?.type === type && random !== undefined
        ? createBlob(random, { ...at(distance), radius: random.range(low, high), softness })
        : null;
    const chip = blobOf('chipped', RADIUS, 6.5, 9, 0.6);
    const gap = blobOf('misprint', (random?.next() ?? 0) < 0.5 ? 11 : 30, 7.5, 10, 0.7);
    const smudge = blobOf('smudge', random?.range(6, 26) ?? 0, 8.5, 11.5, 2);
    const drag = random?.range(0, TWO_PI) ?? 0;

    const artwork = (u: number, v: number): number => Math.max(star(u, v), lettering(u, v));

    return (x, y, out) => {
      const u = frame.u(x, y);
      const v = frame.v(x, y);
      const distance = Math.sqrt(u * u + v * v);
      setColor(out, tableColor, 1 + 0.05 * table(x * 0.1, y * 0.6) + 0.03 * dust(x * 0.9, y * 0.9));
      const bite = chip?.(x, y) ?? 0;
      const shadowDistance = Math.sqrt((x - 2 - centerX) ** 2 + (y - 3 - centerY) ** 2);
      scaleColor(
        out,
        1 - 0.4 * (1 - smoothstep(RADIUS - 3, RADIUS + 4, shadowDistance)) * (1 - 0.6 * bite),
      );
      const disc = (1 - smoothstep(RADIUS - 0.5, RADIUS + 0.5, distance)) * (1 - bite);
      if (disc === 0) return;

      let print = artwork(u, v) * (1 - (gap?.(x, y) ?? 0));
      if (smudge !== null) {
        const weight = smudge(x, y);
        const dragged = artwork(u + 4 * Math.cos(drag), v + 4 * Math.sin(drag));
        print = mix(print, 0.45 * print + 0.5 * dragged + 0.08, weight);
      }
      const red = mix(field[0], INK[0], print);
      const green = mix(field[1], INK[1], print);
      const blue = mix(field[2], INK[2], print);
      const rim = smoothstep(RADIUS - 5, RADIUS - 4, distance);
      const line = 1 - smoothstep(0.5, 1.1, Math.abs(distance - 24));
      const facing = distance === 0 ? 0 : (u * Math.cos(gloss) + v * Math.sin(gloss)) / distance;
      const bevel = 1 + 0.16 * facing * smoothstep(RADIUS - 6, RADIUS, distance);
      blendColor(out, [red, green, blue], disc, 1 + 0.05 * facing * (distance / RADIUS));
      blendColor(out, GOLD, disc * Math.max(rim, line), bevel);
      // The broken edge of a chip shows the pale core.
      if (bite > 0.05) blendColor(out, [0.82, 0.8, 0.76], disc * smoothstep(0.05, 0.5, bite));
    };
  },
};

/** An inked disc with a five-pointed star left out: 1 on ink. */
function star(u: number, v: number): number {
  const distance = Math.sqrt(u * u + v * v);
  if (distance > 20) return 0;
  const turn = (Math.atan2(u, -v) / TWO_PI + 1) * 5;
  const fold = Math.abs(turn - Math.round(turn)) * 2;
  const sector = (fold * Math.PI) / 5;
  // Straight edge from the outer point (radius 18.5) to the inner corner (radius 7.5).
  const px = distance * Math.cos(sector);
  const py = distance * Math.sin(sector);
  const innerX = 7.5 * Math.cos(Math.PI / 5);
  const innerY = 7.5 * Math.sin(Math.PI / 5);
  const edgeX = innerX - 18.5;
  const cross = (edgeX * py - innerY * (px - 18.5)) / Math.sqrt(edgeX * edgeX + innerY * innerY);
  return smoothstep(-0.5, 0.5, -cross);
}

/** A ring of pseudo letters: bars of fixed widths and heights, with a gap at the bottom. */
function lettering(u: number, v: number): number {
  const distance = Math.sqrt(u * u + v * v);
  if (distance < 27 || distance > 40) return 0;
  const turn = Math.atan2(u, -v) / TWO_PI;
  const place = (turn + 0.5) * LETTERS;
  const index = Math.floor(place);
  const shape = latticeHash(index, 0, ARTWORK_SEED);
  if (shape < 0.14) return 0;
  const arc = (place - index - 0.5) * ((TWO_PI * distance) / LETTERS);
  const height = distance - 33.5;
  const stem = bar(arc + 1.4, 0.75) * bar(height, 3.6);
  const crossAt = 2.8 * Math.round(2 * latticeHash(index, 1, ARTWORK_SEED) - 1);
  const cross = bar(arc, 2) * bar(height - crossAt, 0.75);
  const second =
    shape > 0.55
      ? bar(arc - 1.4, 0.75) * bar(height + (shape > 0.8 ? 1.6 : 0), shape > 0.8 ? 2 : 3.6)
      : 0;
  return Math.max(stem, cross, second);
}

function bar(place: number, halfWidth: number): number {
  return 1 - smoothstep(halfWidth - 0.4, halfWidth + 0.4, Math.abs(place));
}
