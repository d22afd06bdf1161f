/** @file Results of a model from elsewhere: a .zip of scores and maps of 16 × 16 pixels, as somebody would bring it. */
import { join } from 'node:path';
import { type Sample, samplePageSchema } from '@plumbline/contracts';
import sharp from 'sharp';
import { writeZip } from '../../packages/data/src/testing/dataset-files.ts';
import type { TestPlatform } from './platform.ts';

const SIDE = 16;

/** The dataset's own test images, first page; the sample dataset has no more. */
export async function testSamples(platform: TestPlatform, dataset: string): Promise<Sample[]> {
  const { apiUrl } = await platform.record();
  const answer = await fetch(`${apiUrl}/v1/datasets/${dataset}/samples?split=test&limit=200`);
  const { samples, total } = samplePageSchema.parse(await answer.json());
  if (samples.length !== total) throw new Error(`${total} test images are more than one page`);
  return samples;
}

/** Anomalous images score 1 and normal ones 0, maps likewise. */
export async function writeResults(
  platform: TestPlatform,
  samples: readonly Sample[],
): Promise<string> {
  const lines = samples.map(({ path, label }) => `${path},${label === 'anomalous' ? 1 : 0}`);
  const maps = await Promise.all(
    samples.map(async ({ path, label }) => {
      const pixels = new Uint8Array(SIDE * SIDE).fill(label === 'anomalous' ? 200 : 10);
      const raw = { width: SIDE, height: SIDE, channels: 1 } as const;
      const png = await sharp(pixels, { raw }).toColourspace('b-w').png().toBuffer();
      return [`maps/${path.replace(/\.[^.]+$/, '')}.png`, png] as const;
    }),
  );
  return writeZip(join(platform.home, `results-${samples.length}.zip`), {
    'scores.csv': ['path,score', ...lines].join('\n'),
    ...Object.fromEntries(maps),
  });
}
