import type { GraphSession, Sample, TensorMap } from '@plumbline/contracts';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { checkParity } from './check-parity.ts';

const SIDE = 4;
const f32 = (shape: readonly number[], value: number): TensorMap[string] => ({
  dtype: 'float32',
  shape: [...shape],
  data: new Float32Array(shape.reduce((product, side) => product * side, 1)).fill(value),
});
const session = (run: (feeds: TensorMap) => TensorMap): GraphSession => ({
  ...{ inputNames: [], outputNames: [], release: async () => {} },
  run: async (feeds) => run(feeds),
});

/** Twice as anomalous from 1 on: a choice between two stored images, say. All images have 1, so rounding decides. */
const features = session(() => ({ tokens0: f32([1, 1], 1) }));
const scores = session(({ tokens0 }) => ({
  scores0: f32([1, 4], Number(tokens0?.data[0]) >= 1 ? 2 : 1),
}));
const exportedAs = (value: number) =>
  session(({ image }) => {
    const [count = 0] = image?.shape ?? [];
    return {
      anomaly_map: f32([count, SIDE, SIDE], value),
      image_score: f32([count], value),
    };
  });

async function parityOf(value: number) {
  const png = await sharp({ create: { width: 40, height: 40, channels: 3, background: '#468' } })
    .png()
    .toBuffer();
  const sample = { path: 'a.png', image: { sha256: 'a', width: 40, height: 40 } } as Sample;
  return checkParity({
    ...{ exported: exportedAs(value), features, scores, fittedTo: false, images: 2 },
    map: { grids: [2], alignCorners: false, smoothed: false, sigma: 0 },
    preprocessing: { imageSizePx: SIDE },
    samples: [sample],
    blobs: { read: async () => png },
  });
}

it('holds where rounding decides between two results, whichever the exported graph gives', async () => {
  for (const value of [1, 2])
    expect(await parityOf(value)).toMatchObject({ imageScoreRelative: 0, anomalyMapRelative: 0 });
});

it('does not hold for a graph that gives another', async () => {
  for (const value of [1.5, 2.001, 0.99, Number.NaN])
    await expect(parityOf(value)).rejects.toThrow(/differs from the trained one/);
});
