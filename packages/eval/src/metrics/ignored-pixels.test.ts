/** @file Ignored pixels count for nothing: exact and in a histogram, in every metric, count and interval. */
import { describe, expect, it } from 'vitest';
import { Evaluator, type EvaluatorOptions, type ScoredImage } from '../index.ts';

const SIZE = { height: 90, width: 90 };
/** The left third. */
const IGNORED = Uint8Array.from({ length: 8_100 }, (_, i) => (i % 90 < 30 ? 1 : 0));

/** A defect on the right, and what `left` says on the left. */
function imageOf(
  path: string,
  label: ScoredImage['label'],
  left: { readonly score: number; readonly mask?: (x: number, y: number) => boolean },
): ScoredImage {
  const seed = path.charCodeAt(0);
  const at = (i: number) => ({ x: i % 90, y: Math.floor(i / 90) });
  const isDefect = ({ x, y }: { x: number; y: number }) =>
    label === 'anomalous' && x > 45 && x < 65 && y > 20 && y < 20 + (seed % 30);
  const anomalyMap = Float32Array.from({ length: 8_100 }, (_, i) =>
    at(i).x < 30 ? left.score : Math.abs(Math.sin(i * 3.7 + seed)) + (isDefect(at(i)) ? 0.5 : 0),
  );
  const mask = Uint8Array.from({ length: 8_100 }, (_, i) => {
    const { x, y } = at(i);
    return isDefect({ x, y }) || (x < 30 && left.mask?.(x, y)) ? 1 : 0;
  });
  const imageScore = label === 'anomalous' ? seed : 1;
  return {
    ...{ path, category: 'bolt', label, imageScore, anomalyMap, ignored: IGNORED },
    mask: label === 'anomalous' ? mask : null,
  };
}

function evaluated(images: readonly ScoredImage[], options: EvaluatorOptions = {}) {
  const evaluator = new Evaluator(SIZE, { resamples: 5, ...options });
  for (const image of images) evaluator.add(image);
  return evaluator.evaluate();
}

const quiet = (['a', 'b', 'c', 'd'] as const).map((path) =>
  imageOf(path, path < 'c' ? 'normal' : 'anomalous', { score: 0 }),
);

describe.each([
  ['exact', {}],
  ['histogram', { exactPixelBudget: 1 }],
] as const)('%s', (method, options) => {
  it('what lies in a region changes nothing', () => {
    const loud = (['a', 'b', 'c', 'd'] as const).map((path) =>
      imageOf(path, path < 'c' ? 'normal' : 'anomalous', {
        score: 50,
        mask: (x, y) => x < 5 && y > 70,
      }),
    );
    const expected = evaluated(quiet, options);
    expect(expected.pixelMethod).toBe(method);
    expect(expected.mean.aupro30).not.toBeNull();
    expect(evaluated(loud, options)).toEqual(expected);
    const counted = loud.map((image) => ({ ...image, ignored: null }));
    expect(evaluated(counted, options).mean.pixelAuroc).not.toBe(expected.mean.pixelAuroc);
  });

  it('an image whose mask lies in a region has no pixel metrics, and keeps its label', () => {
    const hidden = imageOf('e', 'anomalous', { score: 0, mask: () => true });
    const inside = { ...hidden, mask: hidden.mask?.map((m, i) => m * IGNORED[i]!) ?? null };
    const without = evaluated(quiet, options);
    const also = evaluated([...quiet, inside], options);
    expect(also.mean.pixelAp).toBe(without.mean.pixelAp);
    expect(also.images).toHaveLength(5);
    const alone = evaluated([quiet[0]!, inside], options);
    expect(alone.mean.imageAuroc).toBe(1);
    expect(alone.mean.pixelAuroc).toBeNull();
    expect(alone.undefinedCodes.categories['bolt']?.pixelAuroc).toBe('no-mask');
  });
});

it('a region that a strip divides stays one; exact equals a histogram of every score', () => {
  const strip = Uint8Array.from({ length: 8_100 }, (_, i) => (i % 90 === 55 ? 1 : 0));
  const images = quiet.map((image) => ({ ...image, ignored: strip }));
  const [exact, binned] = [evaluated(images), evaluated(images, { exactPixelBudget: 1 })];
  for (const [metric, value] of Object.entries(exact.mean))
    expect(binned.mean[metric as 'aupro30']).toBeCloseTo(value ?? Number.NaN, 10);
});
