import { createHash } from 'node:crypto';
import type { RLR_LEVEL_WEIGHTS, RlrSettings } from '@plumbline/contracts';
import { createExecutor } from '@plumbline/runtime';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../nn/random.ts';
import { type DataHashes, type FitState, NO_CHECKPOINTS } from '../../training/fit-state.ts';
import type { FeatureSource } from '../method.ts';
import { rlr } from './rlr.ts';

const LEVELS = [
  { tap: 'layer2', grid: 16, channels: 6 },
  { tap: 'layer3', grid: 8, channels: 10 },
];

/** A few made-up images: smooth patterns of channels. */
function features(levels = LEVELS): FeatureSource {
  const images = levels.map((level) => {
    const values = new Float32Array(12 * level.grid ** 2 * level.channels);
    RandomStream.from(7, level.tap).fillNormal(values);
    return values;
  });
  return {
    count: 12,
    categories: Array.from({ length: 12 }, (_, image) => (image < 6 ? 'a' : 'b')),
    read(level, indices, out) {
      const size = levels[level]!.grid ** 2 * levels[level]!.channels;
      for (const [slot, image] of indices.entries())
        out.set(images[level]!.subarray(image * size, (image + 1) * size), slot * size);
    },
  };
}

/** Networks that train in a moment. */
const SMALL: RlrSettings = { layers: 2, widths: { 8: 32, 16: 32 } };

interface Attempt {
  /** Saved before and after. */
  saved: FitState | null;
  data?: DataHashes;
  log?: string[];
  /** Cancelled once this many steps are done over all levels. */
  stopAfter?: number;
  settings?: RlrSettings;
}

/** SHA-256 of the fitted graph. */
async function fitHash(attempt: Attempt): Promise<string> {
  let steps = 0;
  const abort = new AbortController();
  const fitted = await rlr.fit({
    preset: 'tiny',
    settings: attempt.settings ?? SMALL,
    seed: 3,
    categories: 2,
    maxSteps: 6,
    levels: LEVELS,
    features: features(),
    executor: await createExecutor({ threads: 1 }),
    checkpointEveryMs: 0,
    checkpoints: {
      ...NO_CHECKPOINTS,
      ...(attempt.data === undefined ? {} : { data: attempt.data }),
      load: async () => attempt.saved,
      save: async (checkpoint) => {
        attempt.saved = structuredClone(checkpoint);
      },
    },
    log: (text) => void attempt.log?.push(text),
    signal: abort.signal,
    onProgress: (progress) => {
      expect(progress.fraction).toBeLessThanOrEqual(1);
      if (++steps === attempt.stopAfter) abort.abort();
    },
  });
  return createHash('sha256').update(fitted.graph).digest('hex');
}

describe('fitting RLR', () => {
  it('gives the same bytes for the same seed, and after an interruption at any place', async () => {
    const whole = await fitHash({ saved: null });
    expect(await fitHash({ saved: null })).toBe(whole);
    // 3: within the first level; 6: at its very end; 8: within the second level.
    for (const stopAfter of [3, 6, 8]) {
      const attempt: Attempt = { saved: null, stopAfter };
      await expect(fitHash(attempt)).rejects.toThrow();
      expect(attempt.saved).not.toBeNull();
      const resumed = await fitHash({ saved: attempt.saved });
      expect(resumed, `stopped after ${stopAfter}`).toBe(whole);
    }
  });

  it('does so with Muon, whitened features and a level of local attention', async () => {
    const settings: RlrSettings = {
      ...{ whitening: true, optimizer: 'muon', localGrids: ['16'], layers: 1, cosineWeight: 3 },
      widths: { 8: 32, 16: 32 },
    };
    const whole = await fitHash({ saved: null, settings });
    expect(await fitHash({ saved: null, settings: { ...settings, cosineWeight: 1 } })).not.toBe(
      whole,
    );
    const attempt: Attempt = { saved: null, stopAfter: 3, settings };
    await expect(fitHash(attempt)).rejects.toThrow();
    expect(await fitHash({ saved: attempt.saved, settings })).toBe(whole);
  });

  it('does not take up a checkpoint of another dataset, backbone or feature graph, and says so', async () => {
    const data = { backbone: 'b', features: 'f', dataset: 'd' };
    const attempt: Attempt = { saved: null, stopAfter: 3, data };
    await expect(fitHash(attempt)).rejects.toThrow();
    const logOf = async (change: Partial<DataHashes>) => {
      const again: Attempt = { saved: attempt.saved, stopAfter: 1, data: { ...data, ...change } };
      const log: string[] = [];
      await expect(fitHash({ ...again, log })).rejects.toThrow();
      return log;
    };
    expect(await logOf({})).toEqual([]);
    for (const change of [{ backbone: 'x' }, { features: 'x' }, { dataset: 'x' }])
      expect(await logOf(change)).toEqual([expect.stringMatching(/other data.*starts over/)]);
  });

  it('lowers the loss', async () => {
    const losses: number[] = [];
    await rlr.fit({
      preset: 'tiny',
      seed: 0,
      categories: 2,
      maxSteps: 60,
      levels: LEVELS.slice(1),
      features: features(LEVELS.slice(1)),
      executor: await createExecutor({ threads: 1 }),
      checkpoints: NO_CHECKPOINTS,
      onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
    });
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.8);
  });

  it('learns whitened features by Muon, and rebuilds them as they were', async () => {
    const [level] = LEVELS.slice(1) as [(typeof LEVELS)[number]];
    const plain = features([level]);
    const far: FeatureSource = {
      ...plain,
      read: (index, images, out) => {
        plain.read(index, images, out);
        for (const [i, value] of out.entries()) out[i] = 50 + 0.1 * value;
      },
    };
    const executor = await createExecutor({ threads: 1 });
    const losses: number[] = [];
    const { reconstructions } = await rlr.fit({
      preset: 'tiny',
      settings: { whitening: true, optimizer: 'muon', layers: 1, widths: { 8: 32 } },
      seed: 0,
      categories: 2,
      maxSteps: 40,
      levels: [level],
      features: far,
      executor,
      checkpoints: NO_CHECKPOINTS,
      onProgress: ({ loss }) => void losses.push(loss ?? Number.NaN),
    });
    expect(losses.at(-1)!).toBeLessThan(losses[0]! * 0.9);
    const session = await executor.load(reconstructions!());
    const shape = [1, level.grid ** 2, level.channels];
    const data = new Float32Array(shape[1]! * shape[2]!);
    far.read(0, Int32Array.of(0), data);
    const { reconstructions0 } = await session.run({
      tokens0: { dtype: 'float32', shape, data },
    });
    const rebuilt = reconstructions0?.data as Float32Array;
    // The features lie within a few tenths of 50.
    expect(rebuilt.every((value) => Math.abs(value - 50) < 1)).toBe(true);
    await session.release();
  });

  it('weighs levels by held-out images: both then score them alike on average', async () => {
    const executor = await createExecutor({ threads: 1 });
    const images = features();
    const meanScores = async (levelWeights: (typeof RLR_LEVEL_WEIGHTS)[number]) => {
      const { graph, config } = await rlr.fit({
        preset: 'tiny',
        settings: { ...SMALL, levelWeights },
        seed: 0,
        categories: 2,
        maxSteps: 4,
        levels: LEVELS,
        features: images,
        heldOut: images,
        executor,
        checkpoints: NO_CHECKPOINTS,
        onProgress: () => {},
      });
      const session = await executor.load(graph);
      const all = Int32Array.from({ length: 8 }, (_, slot) => Math.floor(slot * 1.5));
      const tokens = LEVELS.map(({ grid, channels }, level) => {
        const data = new Float32Array(all.length * grid ** 2 * channels);
        images.read(level, all, data);
        const shape = [all.length, grid ** 2, channels];
        return [`tokens${level}`, { dtype: 'float32' as const, shape, data }] as const;
      });
      const scores = await session.run(Object.fromEntries(tokens));
      await session.release();
      const means = LEVELS.map((_, level) => {
        const values = scores[`scores${level}`]?.data as Float32Array;
        return values.reduce((sum, value) => sum + value, 0) / values.length;
      });
      return { means, levels: config['levels'] as { weight: number }[] };
    };
    const equal = await meanScores('equal');
    const weighted = await meanScores('heldOut');
    expect(equal.levels.map(({ weight }) => weight)).toEqual([1, 1]);
    expect(Math.abs(equal.means[0]! / equal.means[1]! - 1)).toBeGreaterThan(0.01);
    expect(weighted.means[0]! / weighted.means[1]!).toBeCloseTo(1, 4);
    expect(weighted.levels[0]!.weight + weighted.levels[1]!.weight).toBeCloseTo(2);
    const halfway = await meanScores('heldOutRoot');
    expect((halfway.means[0]! / halfway.means[1]!) ** 2).toBeCloseTo(
      equal.means[0]! / equal.means[1]!,
      4,
    );
  });

  it('stops a level whose held-out loss no longer falls, says where, and resumes to the same', async () => {
    const levels = LEVELS.slice(1);
    let saved: FitState | null = null;
    const attempt = async (abortAt?: number) => {
      const abort = new AbortController();
      const { config, notes, graph } = await rlr.fit({
        preset: 'tiny',
        // A learning rate too small to change the loss: the plateau is there from the first check.
        settings: {
          ...{ earlyStopping: true, optimizer: 'adam', learningRate: 1e-12 },
          ...{ layers: 1, widths: { 8: 16 }, batchSize: 8, stepsPerCategory: { 8: 150 } },
        },
        seed: 0,
        categories: 2,
        maxSteps: 400,
        levels,
        features: features(levels),
        heldOut: features(levels),
        executor: await createExecutor({ threads: 1 }),
        checkpointEveryMs: 0,
        checkpoints: {
          ...NO_CHECKPOINTS,
          load: async () => saved,
          save: async (checkpoint) => {
            saved = structuredClone(checkpoint);
          },
        },
        signal: abort.signal,
        onProgress: ({ step }) => {
          if (step === abortAt) abort.abort();
        },
      });
      return { notes, levels: config['levels'], graph };
    };
    const whole = await attempt();
    expect(whole.notes).toEqual([expect.stringMatching(/layer3 stopped at step 220 of 300/)]);
    expect(whole.levels).toEqual([expect.objectContaining({ steps: 220, stoppedEarly: true })]);
    saved = null;
    await expect(attempt(150)).rejects.toThrow();
    expect(saved).not.toBeNull();
    expect(await attempt()).toEqual(whole);
    expect(await attempt(), 'a finished level is not taken further').toEqual(whole);
  });
});
