/** @file The decoder trained for real on made-up images whose features are known, against TensorFlow.js' own backend. */
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { createEagerExecutor } from '../eager/eager-executor.ts';
import { MADE_UP_LEVELS, madeUpFit, madeUpTokens } from '../methods/made-up-fit.ts';
import { RandomStream } from '../nn/random.ts';
import { float32 } from '../onnx/index.ts';
import { trace } from '../trace/index.ts';
import { type FitState, NO_CHECKPOINTS } from '../training/fit-state.ts';
import { decoderConfig } from './config.ts';
import { type FitDecoderOptions, type FittedDecoder, fitDecoder } from './fit-decoder.ts';
import { chooseImages } from './training-images.ts';
import { decoderProgram } from './training-step.ts';

const IMAGES = 24;
const { imageSizePx: SIDE } = decoderConfig(MADE_UP_LEVELS);

/** Reconstructs everything as it is. */
const RECONSTRUCTIONS = trace(
  {
    name: 'identity',
    inputs: Object.fromEntries(
      MADE_UP_LEVELS.map(({ grid, channels }, level) => [
        `tokens${level}`,
        { shape: [8, grid * grid, channels] },
      ]),
    ),
  },
  (inputs) =>
    Object.fromEntries(
      Object.entries(inputs).map(([name, x]) => [name.replace('tokens', 'reconstructions'), x]),
    ),
);

/** Each image is one color, which its features carry in three channels. */
function colored(): { tokens: Float32Array[]; pixels: Uint8Array } {
  const tokens = madeUpTokens(IMAGES, 7);
  const pixels = new Uint8Array(IMAGES * SIDE * SIDE * 3);
  const random = RandomStream.from(1, 'colors');
  for (let image = 0; image < IMAGES; image++) {
    const color = [0, 1, 2].map(() => random.nextInteger(256));
    for (let i = 0; i < SIDE * SIDE * 3; i++)
      pixels[image * SIDE * SIDE * 3 + i] = color[i % 3] as number;
    for (const [level, { grid, channels }] of MADE_UP_LEVELS.entries())
      for (let token = 0; token < grid * grid; token++)
        for (const [c, value] of color.entries())
          tokens[level]![(image * grid * grid + token) * channels + c] = value / 20;
  }
  return { tokens, pixels };
}

async function fitColors(
  steps: number,
  seed = 0,
  change: Partial<FitDecoderOptions> = {},
): Promise<FittedDecoder & { losses: number[] }> {
  const executor = await createExecutor({ threads: 1 });
  const { tokens, pixels } = colored();
  const { levels, features } = madeUpFit(executor, tokens);
  const losses: number[] = [];
  const fitted = await fitDecoder({
    levels,
    features,
    reconstructions: RECONSTRUCTIONS,
    images: chooseImages(features.categories, IMAGES),
    pixels,
    executor,
    checkpoints: NO_CHECKPOINTS,
    seed,
    maxSteps: steps,
    onProgress: ({ loss }) => void losses.push(loss),
    ...change,
  });
  return { ...fitted, losses };
}

describe('fitting the decoder', () => {
  it('learns the color that the features carry', async () => {
    const { losses, steps, loss } = await fitColors(40);
    expect(steps).toBe(40);
    const first = losses.slice(0, 5).reduce((sum, value) => sum + value, 0) / 5;
    // Gray alone is about a quarter away from a random color.
    expect(first).toBeGreaterThan(0.1);
    expect(loss).toBeLessThan(first / 2);
  });

  it('gives the same bytes for the same seed, others for another', async () => {
    const [first, second, other] = [await fitColors(3), await fitColors(3), await fitColors(3, 1)];
    expect(Buffer.from(second.graph).equals(first.graph)).toBe(true);
    expect(Buffer.from(other.graph).equals(first.graph)).toBe(false);
  });

  it('goes on after an interruption to the same bytes and the same loss', async () => {
    const whole = await fitColors(12);
    let saved: FitState | null = null;
    const abort = new AbortController();
    const change: Partial<FitDecoderOptions> = {
      checkpoints: {
        ...NO_CHECKPOINTS,
        load: async () => saved,
        save: async (state) => {
          saved = structuredClone(state);
        },
      },
      checkpointEveryMs: 0,
    };
    const onProgress = ({ step }: { step: number }) => void (step === 7 && abort.abort());
    await expect(
      fitColors(12, 0, { ...change, onProgress, signal: abort.signal }),
    ).rejects.toThrow();
    expect(saved).toMatchObject({ stage: 'decoder', step: 7 });
    const { graph, loss, losses } = await fitColors(12, 0, change);
    expect(losses).toHaveLength(5);
    expect(Buffer.from(graph).equals(whole.graph)).toBe(true);
    expect(loss).toBe(whole.loss);
  });

  it('is exported as it was trained: the graph against the weights on TensorFlow.js’ backend', async () => {
    const graphs = await createExecutor({ threads: 1 });
    const { graph, config, scales, weights } = await fitColors(5);
    const eager = createEagerExecutor({ backend: 'tfjs-cpu', graphs });
    const trained = await eager.loadProgram(decoderProgram(config, scales, weights));
    const exported = await graphs.load(graph);
    const tokens = madeUpTokens(2, 9);
    const feeds = Object.fromEntries(
      config.levels.map(({ grid, channels }, level) => [
        `tokens${level}`,
        float32([2, grid * grid, channels], tokens[level] as Float32Array),
      ]),
    );
    const expected = (await trained.run(feeds))['picture'];
    const actual = (await exported.run(feeds))['picture'];
    expect(actual?.shape).toEqual([2, SIDE, SIDE, 3]);
    expect(actual?.data.length).toBe(expected?.data.length);
    let largest = 0;
    for (let i = 0; i < (expected?.data.length ?? 0); i++) {
      const difference = Math.abs(Number(actual?.data[i]) - Number(expected?.data[i]));
      largest = Number.isNaN(difference) ? Number.NaN : Math.max(largest, difference);
    }
    // Gray levels of 255: rounding differs, not the network.
    expect(largest).toBeLessThan(0.01);
  });
});
