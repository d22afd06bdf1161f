/** @file An image at the edge between two results, where rounding decides: what the parity check makes of it. */
import type { GraphSession, Sample, TensorMap } from '@plumbline/contracts';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { checkParity } from './check-parity.ts';

const SIDE = 4;
const IMAGES = 8;
/** Of all its pixels. */
const EDGE = 200;

const session = (run: (feeds: TensorMap) => TensorMap): GraphSession => ({
  ...{ inputNames: [], outputNames: [], release: async () => {} },
  run: async (feeds) => run(feeds),
});
const f32 = (shape: readonly number[], rows: readonly number[]): TensorMap[string] => {
  const size = shape.reduce((product, side) => product * side, 1);
  const data = Float32Array.from(
    { length: rows.length * size },
    (_, i) => rows[Math.floor(i / size)]!,
  );
  return { dtype: 'float32', shape: [rows.length, ...shape], data };
};
/** The first number of each image. */
const firsts = (tensor: TensorMap[string] | undefined): number[] => {
  const count = tensor?.shape[0] ?? 0;
  const size = (tensor?.data.length ?? 0) / count;
  return Array.from({ length: count }, (_, i) => Number(tensor?.data[i * size]));
};

/** Every image has 5, the one at the edge 1. */
const features = session(({ image }) => ({
  tokens0: f32(
    [1, 256],
    firsts(image).map((pixel) => (pixel === EDGE ? 1 : 5)),
  ),
}));
/** Twice as anomalous from 1 on: a choice between two stored images, say. */
const scores = session(({ tokens0 }) => ({
  scores0: f32(
    [4],
    firsts(tokens0).map((token) => (token >= 1 ? 2 : 1)),
  ),
}));
/** 2, and another value for the image at the edge. */
const exportedAs = (scoreIn: (count: number) => number) =>
  session(({ image }) => {
    const all = firsts(image).map((pixel, _, { length }) => (pixel === EDGE ? scoreIn(length) : 2));
    return { anomaly_map: f32([SIDE, SIDE], all), image_score: f32([], all) };
  });

function parityOf(exported: GraphSession, trained = { features, scores }) {
  return checkParity({
    ...{ exported, ...trained, fittedTo: false, images: IMAGES },
    map: { grids: [2], alignCorners: false, smoothed: false, sigma: 0 },
    preprocessing: { imageSizePx: SIDE },
    ignore: null,
    samples: Array.from({ length: IMAGES }, (_, i) => {
      const image = { sha256: String(EDGE - 20 * i), width: 40, height: 40 };
      return { path: `${i}.png`, image } as Sample;
    }),
    blobs: {
      read: (gray) => {
        const [r, g, b] = [Number(gray), Number(gray), Number(gray)];
        return sharp({ create: { width: 40, height: 40, channels: 3, background: { r, g, b } } })
          .png()
          .toBuffer();
      },
    },
  });
}

const SAME = { imageScoreRelative: 0, anomalyMapRelative: 0 };

it('holds where rounding decides between two results, whichever the exported graph gives', async () => {
  for (const value of [1, 2]) expect(await parityOf(exportedAs(() => value))).toMatchObject(SAME);
});

it('does not hold for a graph that gives another', async () => {
  for (const value of [1.5, 2.001, 0.99, Number.NaN])
    await expect(parityOf(exportedAs(() => value))).rejects.toMatchObject({
      // Another try gives the same.
      code: 'DEFECT',
      message: expect.stringContaining('differs from the trained one by'),
    });
});

it('does not hold where all images are equal only within rounding', async () => {
  const atEdge = session(({ image }) => ({
    tokens0: f32(
      [1, 256],
      firsts(image).map(() => 1),
    ),
  }));
  const ones = session(({ image }) => {
    const all = firsts(image).map(() => 1);
    return { anomaly_map: f32([SIDE, SIDE], all), image_score: f32([], all) };
  });
  await expect(parityOf(ones, { features: atEdge, scores })).rejects.toThrow(
    /differs .* for 16 of 16 images/,
  );
});

describe('an image that is rounded otherwise in a batch', () => {
  /** The one at the edge is 1 alone and `inBatch` in a batch; only all of its numbers together get there. */
  const trained = (inBatch: number) => ({
    features: session(({ image }) => {
      const rows = firsts(image).map((pixel, _, { length }) => {
        if (pixel !== EDGE) return 5;
        return length === 1 ? 1 : inBatch;
      });
      return { tokens0: f32([1, 256], rows) };
    }),
    scores: session(({ tokens0 }) => {
      const rows = firsts(tokens0).map((_, i) => tokens0?.data.slice(256 * i, 256 * (i + 1)));
      return {
        scores0: f32(
          [4],
          rows.map((row) => (row?.every((one) => one >= inBatch) ? 2 : 1)),
        ),
      };
    }),
  });
  const exported = exportedAs((count) => (count === 1 ? 1 : 2));

  it('may give what the trained method gives in that batch', async () => {
    expect(await parityOf(exported, trained(1 + 5e-6))).toMatchObject(SAME);
  });

  it('may not where its features differ by more than rounding', async () => {
    await expect(parityOf(exported, trained(1.001))).rejects.toThrow(/differs from the trained/);
  });
});
